//! serde's attributes and containers around our types, as JSON text and as `serde_json::Value`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use ledger_core::{Amount, BlockHash, Members, Recipient, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::sample;
use super::wrappers::{
    Adjacent, Converted, External, Internal, Newtype, Optional, Posted, Stored, Transparent, Untagged,
};

/// Checks that a value reads back from JSON text, from bytes and from a `Value`.
fn assert_reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let json = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
    assert_eq!(serde_json::from_reader::<_, T>(json.as_bytes()).unwrap(), value, "{json}");
    let tree = serde_json::to_value(&value).unwrap();
    assert_eq!(serde_json::from_value::<T>(tree).unwrap(), value, "{json}");
}

fn payment() -> Transaction<'static> {
    sample().transactions[1].clone()
}

#[test]
fn internally_tagged_types_read_back() {
    assert_reads_back(Internal::Block(sample()));
    assert_reads_back(Internal::Payment(payment()));
    assert_reads_back(Internal::Nothing);
    let fork = Internal::Fork { ours: sample(), theirs: Box::new(sample()), payment: Some(payment()) };
    assert_reads_back(vec![fork, Internal::Block(sample())]);
}

#[test]
fn adjacently_tagged_types_read_back_in_either_order() {
    assert_reads_back(Adjacent::Block(sample()));
    assert_reads_back(Adjacent::Payments(sample().transactions));
    assert_reads_back(Adjacent::Pair(sample(), 5u64.into()));
    let value_first = format!(r#"{{"value": {}, "kind": "Block"}}"#, sample());
    assert_eq!(serde_json::from_str::<Adjacent>(&value_first).unwrap(), Adjacent::Block(sample()));
}

#[test]
fn untagged_and_externally_tagged_types_read_back() {
    assert_reads_back(Untagged::Payment(payment()));
    assert_reads_back(Untagged::Block(sample()));
    assert_reads_back(Untagged::Chain(vec![sample(), sample()]));
    assert_reads_back(Untagged::Named { name: "tip".into(), block: sample() });
    assert_reads_back(External::Block(sample()));
    assert_reads_back(External::Payment { payment: payment() });
    assert_reads_back(External::Paid("5".into(), "bob".into()));
}

#[test]
fn flattened_types_read_back_beside_known_and_unknown_members() {
    assert_reads_back(Posted { signature: "c2ln".into(), payment: payment() });
    let rest = HashMap::from([("note".to_owned(), "found at night".to_owned())]);
    assert_reads_back(Stored { block: sample(), seen: 3, rest });
}

#[test]
fn newtypes_and_conversions_read_back() {
    assert_reads_back(Newtype(sample()));
    assert_reads_back(Transparent { block: sample() });
    assert_reads_back(Converted(sample()));
    assert_reads_back(Optional {
        borrowed: std::borrow::Cow::Owned(sample()),
        missing: None,
        payments: Vec::new(),
        listed: sample(),
    });
}

#[test]
fn containers_and_pointers_read_back() {
    assert_reads_back(Some(sample()));
    assert_reads_back([Some(payment()), None]);
    assert_reads_back((sample(), 5u64, payment()));
    assert_reads_back(Ok::<Members, String>(sample()));
    assert_reads_back((Box::new(Arc::new(sample())), Rc::new(sample())));
    assert_reads_back(HashMap::from([("tip".to_owned(), sample())]));
    assert_reads_back(BTreeMap::from([(sample().hash(), vec![sample()])]));
    let locked = serde_json::to_string(&Mutex::new(sample())).unwrap();
    assert_eq!(serde_json::from_str::<Mutex<Members>>(&locked).unwrap().into_inner().unwrap(), sample());
}

#[test]
fn parts_of_a_block_read_back() {
    for Transaction { amount, recipient, sender } in sample().transactions {
        assert_reads_back::<(Amount, Recipient, String)>((amount, recipient, sender.into_owned()));
    }
    assert_reads_back(sample().timestamp);
    assert_reads_back(sample().previous_hash);
    assert_reads_back(Members::genesis(sample().timestamp).previous_hash);
    assert_reads_back::<BlockHash>(sample().hash());
}

#[test]
fn block_is_deserialized_in_place() {
    let mut place = Members::genesis(sample().timestamp);
    let json = sample().to_string();
    let mut reader = serde_json::Deserializer::from_str(&json);
    serde::Deserialize::deserialize_in_place(&mut reader, &mut place).unwrap();
    assert_eq!(place, sample());
}
