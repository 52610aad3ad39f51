//! Reads of parts of the chain, single blocks and addresses.

use ledger_core::{BlockHash, canonical};
use serde_json::{Value, json};

use crate::harness::made::payments::{alice, miner, pay};
use crate::harness::node::Node;
use crate::harness::raw::Raw;

#[test]
fn from_and_limit_select_blocks() {
    let node = Node::start();
    (0..4).for_each(|_| drop(node.mine()));
    let whole = node.get("/chain").json();
    let blocks = whole["chain"].as_array().unwrap();
    for (query, expected) in [
        ("?from=1", &blocks[..]),
        ("?from=3", &blocks[2..]),
        ("?from=5", &blocks[4..]),
        ("?from=6", &[]),
        ("?limit=2", &blocks[..2]),
        ("?from=2&limit=2", &blocks[1..3]),
        ("?from=4&limit=9", &blocks[3..]),
        ("?from=18446744073709551615", &[]),
        ("?colour=red", &blocks[..]),
    ] {
        let part = node.get(&format!("/chain{query}")).json();
        assert_eq!(
            (part["chain"].as_array().unwrap().as_slice(), &part["length"]),
            (expected, &json!(5)),
            "{query}"
        );
    }
}

#[test]
fn bad_range_is_refused_by_parameter() {
    let node = Node::start();
    for (query, words) in [
        ("/chain?from=0", "from must be a whole number from 1"),
        ("/chain?from=-1", "from"),
        ("/chain?from=two", "from"),
        ("/chain?limit=0", "limit must be a whole number from 1"),
        ("/chain?limit=99999999999999999999", "limit"),
        ("/addresses/bob?limit=1001", "limit must be a whole number from 1 to 1000"),
        ("/addresses/bob?from=x", "from"),
    ] {
        let answer = node.get(query);
        answer.assert_refusal(query);
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.text.contains(words), "{query}: {}", answer.text);
    }
}

#[test]
fn block_is_served_by_index_hash_and_latest() {
    let node = Node::start();
    node.mine();
    node.mine();
    for block in node.chain() {
        let hash = block.hash().to_string();
        for name in [block.index.to_string(), hash.clone()] {
            let answer = node.get(&format!("/blocks/{name}"));
            assert_eq!((answer.status, answer.text.as_str()), (200, canonical::text(&block).as_str()));
            assert_eq!(BlockHash::of_text(&answer.text).to_string(), hash);
            assert_eq!(answer.header("etag"), Some(format!("\"{hash}\"").as_str()));
        }
    }
    assert_eq!(node.get("/blocks/latest").json()["index"], 3);
}

#[test]
fn change_invalidates_cached_answers() {
    let node = Node::start();
    for index in 2..5 {
        node.mine();
        for _ in 0..2 {
            assert_eq!(node.get("/blocks/latest").json()["index"], index);
        }
        let payment = pay("bob", &index.to_string());
        assert!(node.pool().is_empty());
        node.accept(&payment);
        for _ in 0..2 {
            assert_eq!(node.pool(), [payment.transaction()]);
        }
    }
}

#[test]
fn matching_etag_answers_304() {
    let node = Node::start();
    node.mine();
    let hash = node.chain()[1].hash().to_string();
    for (path, held, status) in [
        ("/blocks/latest", format!("\"{hash}\""), 304),
        ("/blocks/2", format!("\"other\", W/\"{hash}\""), 304),
        ("/blocks/2", "*".into(), 304),
        ("/blocks/2", "\"other\"".into(), 200),
        ("/blocks/1", format!("\"{hash}\""), 200),
        ("/blocks/2", "no tag".into(), 200),
    ] {
        let mut reader = Raw::open(&node);
        reader.send(format!("GET {path} HTTP/1.1\r\nHost: node\r\nIf-None-Match: {held}\r\n\r\n"));
        let answer = reader.answer().unwrap();
        assert_eq!((answer.status, answer.text.is_empty()), (status, status == 304), "{path} {held}");
    }
}

#[test]
fn short_range_is_sent_in_one_piece() {
    let node = Node::start();
    (0..3).for_each(|_| drop(node.mine()));
    for path in ["/chain", "/chain?from=2&limit=1", "/nodes/resolve"] {
        let answer = node.get(path);
        let length = answer.text.len().to_string();
        assert_eq!(answer.header("content-length"), Some(length.as_str()), "{path}");
    }
}

#[test]
fn missing_block_is_404_and_invalid_name_400() {
    let node = Node::start();
    let unknown = "0".repeat(64);
    for (name, status) in [
        ("0", 404),
        ("2", 404),
        ("18446744073709551615", 404),
        (unknown.as_str(), 404),
        ("first", 400),
        ("-1", 400),
        ("1.0", 400),
        ("99999999999999999999", 400),
    ] {
        let answer = node.get(&format!("/blocks/{name}"));
        answer.assert_refusal(name);
        assert_eq!(answer.status, status, "{name}: {}", answer.text);
    }
}

/// Asks for an address, percent-encoded as most clients do, though `+` and `/` need not be.
fn account(node: &Node, address: &str, query: &str) -> Value {
    let address = address.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    node.get(&format!("/addresses/{address}{query}")).json()
}

#[test]
fn address_lists_payments_in_order_with_sums() {
    let node = Node::start();
    for (to, amount) in [("bob", json!(5)), ("bob", json!("2.5")), ("carol", json!(7))] {
        node.accept(&pay(to, &amount.to_string()));
    }
    node.mine();
    node.accept(&pay("bob", "\"18\""));
    node.mine();

    let bob = account(&node, "bob", "");
    let blocks: Vec<&Value> =
        bob["payments"].as_array().unwrap().iter().map(|payment| &payment["block"]).collect();
    assert_eq!(blocks, [2, 2, 3]);
    assert_eq!(bob["payments"][1]["transaction"]["amount"], "2.5");
    assert_eq!((&bob["length"], &bob["next"], &bob["sum"]), (&json!(3), &Value::Null, &json!(25.5)));

    let alice = account(&node, alice().address().as_str(), "?limit=1");
    assert_eq!((&alice["sent"], &alice["received"], &alice["sum"]), (&json!(32.5), &json!(0), &json!(-32.5)));
    assert_eq!((&alice["length"], &alice["next"]), (&json!(4), &json!(1)));

    let miner = account(&node, miner().address().as_str(), "");
    assert_eq!((&miner["received"], &miner["sum"], &miner["length"]), (&json!(2), &json!(2), &json!(2)));
}

#[test]
fn address_pages_reach_the_end() {
    let node = Node::start();
    for amount in 1..=7 {
        node.accept(&pay("bob", &amount.to_string()));
        if amount % 3 == 0 {
            node.mine();
        }
    }
    node.mine();
    let (mut next, mut amounts) = (json!(0), Vec::new());
    while let Some(from) = next.as_u64() {
        let page = account(&node, "bob", &format!("?from={from}&limit=2"));
        amounts.extend(
            page["payments"]
                .as_array()
                .unwrap()
                .iter()
                .map(|payment| payment["transaction"]["amount"].clone()),
        );
        next = page["next"].clone();
    }
    assert_eq!(amounts, (1..=7).map(|amount| json!(amount)).collect::<Vec<_>>());
}

#[test]
fn unused_address_has_no_payments() {
    let node = Node::start();
    let nobody = account(&node, "nobody", "");
    assert_eq!((&nobody["length"], &nobody["payments"], &nobody["sum"]), (&json!(0), &json!([]), &json!(0)));
}
