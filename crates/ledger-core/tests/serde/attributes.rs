//! All that serde can put around a type, in JSON: as text, and as a `serde_json::Value`.

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

/// Whether a value comes back from its JSON, from the bytes of it and from a `Value`.
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
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
fn internally_tagged() {
    comes_back(Internal::Block(sample()));
    comes_back(Internal::Payment(payment()));
    comes_back(Internal::Nothing);
    let fork = Internal::Fork { ours: sample(), theirs: Box::new(sample()), payment: Some(payment()) };
    comes_back(vec![fork, Internal::Block(sample())]);
}

#[test]
fn adjacently_tagged_in_either_order() {
    comes_back(Adjacent::Block(sample()));
    comes_back(Adjacent::Payments(sample().transactions));
    comes_back(Adjacent::Pair(sample(), 5u64.into()));
    let value_first = format!(r#"{{"value": {}, "kind": "Block"}}"#, sample());
    assert_eq!(serde_json::from_str::<Adjacent>(&value_first).unwrap(), Adjacent::Block(sample()));
}

#[test]
fn untagged_and_externally_tagged() {
    comes_back(Untagged::Payment(payment()));
    comes_back(Untagged::Block(sample()));
    comes_back(Untagged::Chain(vec![sample(), sample()]));
    comes_back(Untagged::Named { name: "tip".into(), block: sample() });
    comes_back(External::Block(sample()));
    comes_back(External::Payment { payment: payment() });
    comes_back(External::Paid("5".into(), "bob".into()));
}

#[test]
fn flattened_beside_members_of_its_own_and_of_nobody() {
    comes_back(Posted { signature: "c2ln".into(), payment: payment() });
    let rest = HashMap::from([("note".to_owned(), "found at night".to_owned())]);
    comes_back(Stored { block: sample(), seen: 3, rest });
}

#[test]
fn newtypes_and_conversions() {
    comes_back(Newtype(sample()));
    comes_back(Transparent { block: sample() });
    comes_back(Converted(sample()));
    comes_back(Optional {
        borrowed: std::borrow::Cow::Owned(sample()),
        missing: None,
        payments: Vec::new(),
        listed: sample(),
    });
}

#[test]
fn containers_and_pointers() {
    comes_back(Some(sample()));
    comes_back([Some(payment()), None]);
    comes_back((sample(), 5u64, payment()));
    comes_back(Ok::<Members, String>(sample()));
    comes_back((Box::new(Arc::new(sample())), Rc::new(sample())));
    comes_back(HashMap::from([("tip".to_owned(), sample())]));
    comes_back(BTreeMap::from([(sample().hash(), vec![sample()])]));
    let locked = serde_json::to_string(&Mutex::new(sample())).unwrap();
    assert_eq!(serde_json::from_str::<Mutex<Members>>(&locked).unwrap().into_inner().unwrap(), sample());
}

#[test]
fn parts_by_themselves() {
    for Transaction { amount, recipient, sender } in sample().transactions {
        comes_back::<(Amount, Recipient, String)>((amount, recipient, sender.into_owned()));
    }
    comes_back(sample().timestamp);
    comes_back(sample().previous_hash);
    comes_back(Members::genesis(sample().timestamp).previous_hash);
    comes_back::<BlockHash>(sample().hash());
}

#[test]
fn in_the_place_of_another_block() {
    let mut place = Members::genesis(sample().timestamp);
    let json = sample().to_string();
    let mut reader = serde_json::Deserializer::from_str(&json);
    serde::Deserialize::deserialize_in_place(&mut reader, &mut place).unwrap();
    assert_eq!(place, sample());
}
