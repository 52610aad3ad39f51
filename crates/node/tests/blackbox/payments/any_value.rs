//! A Python node lets any JSON value into a chain as amount or recipient. Our node adopts and serves such a chain as
//! Python writes it, and refuses such payments from users.

use ledger_core::{Block, Members};
use serde_json::{Value, json};

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, genesis, grown, next, texts};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;

/// Values in a neighbour's spelling and in Python's.
const VALUES: [(&str, &str); 16] = [
    ("null", "null"),
    ("true", "true"),
    ("NaN", "NaN"),
    ("-Infinity", "-Infinity"),
    ("1e400", "Infinity"),
    ("1E22", "1e+22"),
    ("1.7e308", "1.7e+308"),
    ("18446744073709551616", "18446744073709551616"),
    ("[ ]", "[]"),
    ("[-0,[1.0]]", "[0, [1.0]]"),
    ("{}", "{}"),
    ("{\"b\":1,\"a\":{\"d\":1,\"c\":NaN},\"b\":2}", "{\"a\": {\"c\": NaN, \"d\": 1}, \"b\": 2}"),
    ("{\"\\ud800\":1,\"\u{ffff}\":2}", "{\"\\ud800\": 1, \"\\uffff\": 2}"),
    ("\"\\uD800x\"", "\"\\ud800x\""),
    ("[\"é\"]", "[\"\\u00e9\"]"),
    ("9223372036854775808.0", "9.223372036854776e+18"),
];

/// The text of a payment with this amount and recipient.
fn payment(amount: &str, recipient: &str) -> String {
    format!("{{\"amount\": {amount}, \"recipient\": {recipient}, \"sender\": \"alice\"}}")
}

/// A chain with all values in its second block, and its blocks in a neighbour's spelling.
pub(crate) fn odd_chain() -> (Vec<Members<'static>>, Vec<String>) {
    let with = |spelled: fn(&(&'static str, &'static str)) -> &'static str| {
        let values = VALUES.iter().map(spelled);
        let payments = values.flat_map(|value| [payment(value, "\"bob\""), payment("5", value)]);
        let mut payments: Vec<String> = payments.collect();
        payments.push(payment("1", "\"null\""));
        payments.join(", ")
    };
    let empty = Block::new(next(&genesis(), Vec::new()));
    let filled = |payments: &str| empty.text().replace("[]", &format!("[{payments}]"));
    let block = filled(&with(|(received, _)| received)).parse().unwrap();
    let chain = grown(vec![genesis(), block], 1);
    let mut spelled = texts(&chain);
    assert_eq!(spelled[1], filled(&with(|(_, python)| python)), "Python writes the block like this");
    spelled[1] = filled(&with(|(received, _)| received));
    (chain, spelled)
}

/// A node that adopted the chain of a peer with these block texts.
pub(crate) fn adopting(launch: &Launch, spelled: &[String]) -> Node {
    let node = launch.start();
    let peer = Peer::with_body(answer(spelled));
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    node
}

#[test]
fn any_value_is_served_as_python_writes_it() {
    let (chain, spelled) = odd_chain();
    let launch = Launch::usual();
    let mut node = adopting(&launch, &spelled);
    for _ in 0..2 {
        let served = node.get("/chain").text;
        texts(&chain).iter().for_each(|text| assert!(served.contains(text), "{served}"));
        assert_eq!(node.get("/blocks/2").text.trim_end(), texts(&chain)[1]);
        node.stop();
        node = launch.start();
    }
    assert_eq!(node.mine()["index"], json!(4));
    node.stop();
    assert_eq!(launch.clone().argument("verify").without("port").without("host").end().code, Some(0));
}

#[test]
fn odd_values_are_listed_but_not_summed() {
    let (_, spelled) = odd_chain();
    let node = adopting(&Launch::usual(), &spelled);
    let shown = node.get("/addresses/alice").text;
    for (_, python) in VALUES {
        assert!(shown.contains(&payment("5", python)), "{shown}");
        assert!(shown.contains(&payment(python, "\"bob\"")), "{shown}");
    }
    let total = 5 * VALUES.len() + 1;
    assert!(shown.contains(&format!("\"sent\":{total}")), "{shown}");
    let named_null = node.get("/addresses/null").json();
    assert_eq!((&named_null["length"], &named_null["received"]), (&json!(1), &json!(1)));
    for (_, python) in
        VALUES.iter().filter(|(_, python)| python.is_ascii() && !python.contains(['{', '[', '"']))
    {
        let length = node.get(&format!("/addresses/{python}")).json()["length"].clone();
        assert_eq!(length, json!(i32::from(*python == "null")), "{python}");
    }
}

#[test]
fn chain_with_odd_values_gives_way_to_a_longer_one() {
    let (_, spelled) = odd_chain();
    let launch = Launch::usual();
    let node = adopting(&launch, &spelled);
    node.accept(&pay("bob", "7"));
    let peer = Peer::with_chain(&chain(6));
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    node.stop();
    let node = launch.start();
    let mined = node.get("/mine");
    assert_eq!(mined.status, 200);
    assert!(mined.text.contains("\"recipient\": \"bob\""), "{}", mined.text);
    assert_eq!(node.chain().len(), 7);
}

#[test]
fn odd_values_cannot_be_posted() {
    let node = Node::start();
    let before = node.state();
    for (received, _) in VALUES {
        for (member, amount, recipient) in [("amount", received, "\"bob\""), ("recipient", "5", received)] {
            let body = format!(
                "{{\"amount\": {amount}, \"recipient\": {recipient}, \"sender\": \"alice\", \"signature\": \"x\"}}"
            );
            let refused = node.post("/transactions/new", body);
            assert_eq!(refused.status, 400, "{received}");
            assert!(refused.text.contains(member) || refused.text.contains("JSON"), "{}", refused.text);
        }
    }
    assert_eq!(node.state(), before);
    assert_eq!(node.mine()["transactions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn proof_minus_zero_is_zero() {
    let mut spelled = texts(&chain(4));
    let genesis = spelled[0].replace("\"proof\": 1", "\"proof\": 0");
    let zero = genesis.parse().unwrap();
    let grown = grown(vec![zero], 2);
    spelled = texts(&grown);
    spelled[0] = spelled[0].replace("\"proof\": 0", "\"proof\": -0");
    let node = adopting(&Launch::usual(), &spelled);
    assert_eq!(node.get("/blocks/1").json()["proof"], Value::from(0));
    assert_eq!(node.chain(), grown);
}
