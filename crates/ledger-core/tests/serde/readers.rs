//! Blocks that go through the readers and writers of other crates, and refusals through them.

use ledger_core::{Members, NodeAddress, Transaction};
use serde::Deserialize;
use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer};
use serde::de::{Deserializer, MapAccess, Visitor};

use super::wrappers::{Internal, Posted};
use super::{odd, odd_text, sample};

#[test]
fn stream_of_blocks_is_read() {
    let json = format!("{}\n{}{}", sample(), odd_text("-0"), sample());
    let read: Result<Vec<Members>, _> = serde_json::Deserializer::from_str(&json).into_iter().collect();
    assert_eq!(read.unwrap(), [sample(), odd("-0"), sample()]);
}

#[test]
fn readers_of_other_crates_are_exact() {
    for json in [sample().to_string(), odd_text("18446744073709551616"), odd_text("-0")] {
        let mut reader = serde_json::Deserializer::from_str(&json);
        let read = serde_path_to_error::deserialize::<_, Members>(&mut reader).unwrap();
        assert_eq!(Ok(read), json.parse());
    }
    let json = sample().to_string();
    let mut reader = serde_json::Deserializer::from_str(&json);
    let mut erased = <dyn erased_serde::Deserializer<'_>>::erase(&mut reader);
    assert_eq!(erased_serde::deserialize::<Members>(&mut erased).unwrap(), sample());
}

#[test]
fn block_is_written_through_erased_serde() {
    let block = sample();
    let erased: &dyn erased_serde::Serialize = &block;
    let json = serde_json::to_string(erased).unwrap();
    assert_eq!(json.parse(), Ok(block));
}

/// serde's example of a type that is "a string or a struct".
#[test]
fn name_and_block_are_told_apart() {
    struct NameOrBlock;
    impl<'de> Visitor<'de> for NameOrBlock {
        type Value = Option<Members<'static>>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a name or a block")
        }
        fn visit_str<E>(self, _name: &str) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            Members::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }
    for json in [sample().to_string(), odd_text("-0"), odd_text("[1e22, -0]")] {
        let read = serde_json::Deserializer::from_str(&json).deserialize_any(NameOrBlock).unwrap();
        assert_eq!(read, json.parse().ok());
    }
    assert_eq!(serde_json::Deserializer::from_str("\"tip\"").deserialize_any(NameOrBlock).unwrap(), None);
}

#[test]
fn payment_is_read_from_a_map_in_memory() {
    let members = [("sender", "alice"), ("recipient", "bob"), ("amount", "5")];
    let map = MapDeserializer::<_, Error>::new(members.into_iter());
    let payment = Transaction { amount: "5".into(), recipient: "bob".into(), sender: "alice".into() };
    assert_eq!(Transaction::deserialize(map), Ok(payment));
}

/// Every way of reading gives the messages of [`Members::from_json`].
#[test]
fn refusal_names_the_member() {
    let whole = r#""index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1, "transactions": []"#;
    for (members, reason) in [
        (whole.replace("\"proof\": 1, ", ""), "missing member \"proof\" in a block"),
        (format!("{whole}, \"nonce\": 1"), "unknown member \"nonce\" in a block"),
        (whole.replace("\"index\": 1", "\"index\": -1"), "index must be an integer from 0 to 2^64 - 1"),
        (whole.replace("\"index\": 1", "\"index\": 1.0"), "index must be an integer from 0 to 2^64 - 1"),
        (whole.replace("[]", "{}"), "transactions must be a list, not an object"),
        (whole.replace("[]", "[{}]"), "missing member \"amount\" in a transaction"),
    ] {
        let direct = serde_json::from_str::<Members>(&format!("{{{members}}}")).unwrap_err();
        let tagged = serde_json::from_str::<Internal>(&format!("{{\"type\": \"Block\", {members}}}"));
        let tree =
            serde_json::from_str(&format!("{{{members}}}")).and_then(serde_json::from_value::<Members>);
        for error in [direct, tagged.unwrap_err(), tree.unwrap_err()] {
            assert!(error.to_string().contains(reason), "{error} | {reason}");
        }
    }
}

#[test]
fn member_order_is_free_and_last_duplicate_counts() {
    let members =
        r#""transactions": [], "proof": "x", "timestamp": 1, "proof": 7, "previous_hash": 1, "index": 1"#;
    let block = serde_json::from_str::<Members>(&format!("{{{members}}}")).unwrap();
    assert_eq!(block.proof, 7);
    let tagged = format!("{{{members}, \"type\": \"Block\"}}");
    assert_eq!(serde_json::from_str::<Internal>(&tagged).unwrap(), Internal::Block(block));
}

#[test]
fn missing_member_beside_a_flattened_payment_is_named() {
    let posted = r#"{"sender": "alice", "amount": 5, "signature": "c2ln"}"#;
    let error = serde_json::from_str::<Posted>(posted).unwrap_err().to_string();
    assert!(error.contains("missing member \"recipient\" in a transaction"), "{error}");
}

#[test]
fn node_address_is_written_as_text() {
    let node: NodeAddress = serde_json::from_str("\"http://LocalHost:5000\"").unwrap();
    assert_eq!(serde_json::to_string(&node).unwrap(), "\"localhost:5000\"");
    let error = serde_json::from_str::<NodeAddress>("\"nowhere\"").unwrap_err().to_string();
    assert!(error.contains("\"nowhere\" is not the address of a node"), "{error}");
    let error = serde_json::from_str::<NodeAddress>("5").unwrap_err().to_string();
    assert!(error.contains("expected host:port"), "{error}");
}
