//! Blocks in other formats than JSON.

use std::fmt::Debug;

use ledger_core::{Amount, Block, Members, Recipient, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::wrappers::{Adjacent, External, Internal, Newtype, Posted, Untagged};
use super::{odd, sample};

type Outcome<T> = Result<T, String>;

/// Writes a value in a format and reads it back.
pub(super) fn through<T: Serialize + DeserializeOwned>(format: &str, value: &T) -> Outcome<T> {
    match format {
        "CBOR" => cbor(value),
        "MessagePack" => message_pack(&rmp_serde::to_vec(value).map_err(words)?),
        "MessagePack with names" => message_pack(&rmp_serde::to_vec_named(value).map_err(words)?),
        "TOML" => toml::from_str(&toml::to_string(value).map_err(words)?).map_err(words),
        "YAML" => serde_norway::from_str(&serde_norway::to_string(value).map_err(words)?).map_err(words),
        "RON" => ron::from_str(&ron::to_string(value).map_err(words)?).map_err(words),
        _ => serde_json::from_str(&serde_json::to_string(value).map_err(words)?).map_err(words),
    }
}

pub(super) const FORMATS: [&str; 7] =
    ["CBOR", "MessagePack", "MessagePack with names", "TOML", "YAML", "RON", "JSON"];

fn cbor<T: Serialize + DeserializeOwned>(value: &T) -> Outcome<T> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(words)?;
    ciborium::from_reader(&bytes[..]).map_err(words)
}

fn message_pack<T: DeserializeOwned>(bytes: &[u8]) -> Outcome<T> {
    rmp_serde::from_slice(bytes).map_err(words)
}

fn words(error: impl std::error::Error) -> String {
    error.to_string()
}

fn assert_reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    for format in FORMATS {
        assert_eq!(through(format, &value).as_ref(), Ok(&value), "{format}");
    }
}

#[test]
fn block_and_payment_read_back() {
    assert_reads_back(sample());
    assert_reads_back(sample().transactions.remove(1));
}

#[test]
fn wrapped_blocks_and_payments_read_back() {
    assert_reads_back(Newtype(sample()));
    assert_reads_back(Internal::Block(sample()));
    assert_reads_back(Internal::Fork { ours: sample(), theirs: Box::new(sample()), payment: None });
    assert_reads_back(Adjacent::Payments(sample().transactions));
    assert_reads_back(Untagged::Block(sample()));
    assert_reads_back(External::Block(sample()));
    assert_reads_back(External::Payment { payment: sample().transactions.remove(2) });
}

/// RON and MessagePack without names have no flattened structs.
#[test]
fn flattened_payment_reads_back() {
    let posted = Posted { signature: "c2ln".into(), payment: sample().transactions.remove(0) };
    for format in ["CBOR", "MessagePack with names", "TOML", "YAML", "JSON"] {
        assert_eq!(through(format, &posted).as_ref(), Ok(&posted), "{format}");
    }
}

/// Binary formats distinguish floats from integers and hold all of them.
#[test]
fn odd_values_read_back_in_binary_formats() {
    for json in
        ["null", "true", "NaN", "-Infinity", "1e400", "1e22", "-0.0", "-0", "[[1.5, {}], {\"a\": [null]}]"]
    {
        for format in ["CBOR", "MessagePack", "MessagePack with names"] {
            assert_eq!(through(format, &odd(json)).as_ref(), Ok(&odd(json)), "{format}: {json}");
        }
    }
}

#[test]
fn value_that_a_format_cannot_hold_is_refused() {
    for format in FORMATS {
        let refused = through(format, &odd("\"\\ud800\"")).unwrap_err();
        assert!(refused.contains("half surrogate pairs, and one is in"), "{format}: {refused}");
    }
    for format in ["TOML", "YAML", "RON", "JSON"] {
        let refused = through(format, &odd("NaN")).unwrap_err();
        assert!(refused.contains("JSON has no NaN"), "{format}: {refused}");
    }
    for format in ["CBOR", "MessagePack", "TOML", "YAML", "RON"] {
        let refused = through(format, &odd("18446744073709551616")).unwrap_err();
        assert!(refused.contains("has more than 64 bits"), "{format}: {refused}");
    }
}

fn cbor_payment(amount: ciborium::Value) -> ciborium::Value {
    ciborium::Value::Map(vec![
        ("recipient".into(), "bob".into()),
        ("sender".into(), "alice".into()),
        ("amount".into(), amount),
    ])
}

/// Other programs choose the order of members and the types of numbers.
#[test]
fn files_of_other_programs_are_read() {
    let payment = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
    let toml = "sender = 'alice'\nrecipient = \"bob\"\namount = 5";
    assert_eq!(toml::from_str(toml).as_ref(), Ok(&payment));
    let yaml = "# a payment\nrecipient: bob\nsender: alice\namount: 5\n";
    assert_eq!(serde_norway::from_str::<Transaction>(yaml).unwrap(), payment);
    assert_eq!(ron::from_str("(sender: \"alice\", amount: 5, recipient: \"bob\")").as_ref(), Ok(&payment));
    assert_eq!(cbor_payment(5.into()).deserialized::<Transaction>().unwrap(), payment);
    let floats = "recipient: bob\nsender: alice\namount: 5.0\n";
    assert_ne!(serde_norway::from_str::<Transaction>(floats).unwrap(), payment);
}

#[test]
fn values_that_json_cannot_hold_are_refused() {
    let payment = cbor_payment(ciborium::Value::Bytes(vec![5]));
    let refused = payment.deserialized::<Transaction>().unwrap_err().to_string();
    assert!(refused.contains("a value that JSON has"), "{refused}");
    // An extension of one byte.
    let refused = message_pack::<Amount>(&[0xd4, 5, 1]).unwrap_err();
    assert!(refused.contains("a value that JSON has"), "{refused}");
}

/// postcard and similar formats do not describe their values. They can neither write members nor read an amount or a recipient.
#[test]
fn formats_without_descriptions_hold_a_block_as_text() {
    assert!(postcard::to_allocvec(&sample()).is_err());
    assert!(postcard::to_allocvec(&sample().transactions).is_err());
    assert!(postcard::from_bytes::<Amount>(&[1, 5]).is_err());
    assert!(postcard::from_bytes::<Recipient>(&[1, 5]).is_err());
    let encoded = Block::new(sample());
    let bytes = postcard::to_allocvec(&[&encoded]).unwrap();
    let [read]: [Block; 1] = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((read.hash(), read.members()), (sample().hash(), &sample()));
}

#[test]
fn struct_without_names_is_read_in_order() {
    let named: Members<'_> = sample();
    let fields = (named.index, named.previous_hash, named.proof, named.timestamp, &named.transactions);
    let bytes = rmp_serde::to_vec(&fields).unwrap();
    assert_eq!(message_pack::<Members>(&bytes).as_ref(), Ok(&named));
    let bytes = rmp_serde::to_vec(&(1, 1, 1, 1, [0; 0], 1)).unwrap();
    assert!(message_pack::<Members>(&bytes).unwrap_err().contains("invalid length 6, expected a block"));
    let bytes = rmp_serde::to_vec(&(1, 1)).unwrap();
    assert!(message_pack::<Members>(&bytes).unwrap_err().contains("missing member \"proof\""));
}

#[test]
fn payments_without_names_are_read_in_order() {
    let bytes = rmp_serde::to_vec(&(1, 1, 1, 1, [(5, "bob", "alice")])).unwrap();
    let payment = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
    assert_eq!(message_pack::<Members>(&bytes).unwrap().transactions, [payment]);
}

#[test]
fn value_has_at_most_128_levels() {
    let nested = |levels: usize| message_pack::<Amount>(&[vec![0x91; levels], vec![1]].concat());
    assert_eq!(nested(128).unwrap().to_string(), format!("{}1{}", "[".repeat(128), "]".repeat(128)));
    assert!(nested(129).unwrap_err().contains("more than 128 levels"));
}

#[test]
fn optional_value_reads_as_the_value() {
    assert_eq!(ron::from_str::<Amount>("Some(5)"), Ok(5u64.into()));
}
