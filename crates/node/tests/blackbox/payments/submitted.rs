//! Accepted payments keep their exact form.

use serde_json::json;
use wallet::Wallet;

use crate::harness::http::post_as;
use crate::harness::made::payments::{pay, signed};
use crate::harness::node::Node;

/// Submits a payment. Checks the spelling of its amount in pool, mined block and chain.
fn assert_kept(amount: &str, spelled: &str) {
    let node = Node::start();
    node.accept(&pay("bob", amount));
    let expected = format!(r#"{{"amount": {spelled}, "recipient": "bob", "#);
    for path in ["/transactions", "/mine", "/chain"] {
        assert!(node.get(path).text.contains(&expected), "{amount} in {path}");
    }
}

#[test]
fn integer_stays_an_integer() {
    assert_kept("5", "5");
}

#[test]
fn float_stays_a_float() {
    assert_kept("5.0", "5.0");
}

#[test]
fn text_stays_a_text() {
    assert_kept("\"5\"", "\"5\"");
}

#[test]
fn small_float_is_written_as_in_python() {
    assert_kept("0.00001", "1e-05");
}

#[test]
fn largest_integer_is_kept_exactly() {
    assert_kept("18446744073709551615", "18446744073709551615");
}

#[test]
fn text_amount_keeps_its_zeros() {
    assert_kept("\"005.500\"", "\"005.500\"");
}

#[test]
fn any_text_may_be_a_recipient() {
    let node = Node::start();
    let recipients = ["", "Zoë", "日本 🎉", "\u{7f}\u{0}\n\"\\/", "\u{2028}", "0", " spaces "];
    let paid = recipients.map(|recipient| node.accept(&pay(recipient, "1")));
    assert_eq!(node.pool(), paid);
    node.mine();
    assert_eq!(node.chain()[1].transactions[..paid.len()], paid);
}

#[test]
fn recipient_is_written_in_ascii() {
    let node = Node::start();
    node.accept(&pay("Zoë 🎉", "1"));
    assert!(node.get("/transactions").text.contains(r#""recipient": "Zo\u00eb \ud83c\udf89""#));
}

#[test]
fn content_type_of_a_payment_is_ignored() {
    let node = Node::start();
    let body = pay("bob", "5").json();
    for kind in
        ["application/json", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "nonsense"]
    {
        assert_eq!(post_as(&node.url("/transactions/new"), kind, body.as_bytes()).status, 201, "{kind}");
    }
    let mut raw = crate::harness::raw::Raw::open(&node);
    raw.post("/transactions/new", body.as_bytes());
    assert_eq!(raw.answer().unwrap().status, 201);
    assert_eq!(node.pool().len(), 5);
}

#[test]
fn members_are_read_in_any_order_and_layout() {
    let node = Node::start();
    let payment = pay("bob", "5");
    let text = serde_json::to_string_pretty(&json!({
        "signature": payment.signature, "amount": 5, "recipient": "bob", "sender": payment.sender,
    }));
    assert_eq!(node.post("/transactions/new", text.unwrap()).status, 201);
    assert_eq!(node.pool(), [payment.transaction()]);
}

#[test]
fn keys_of_1024_bits_and_more_can_pay() {
    let keys = include_str!("../../../../wallet/tests/data/keys.json");
    let keys: serde_json::Value = serde_json::from_str(keys).unwrap();
    let small = Wallet::from_pem(keys["good_keys"]["bits_1024"].as_str().unwrap()).unwrap();
    let node = Node::start();
    node.accept(&signed(&small, "bob", "5", "5"));
}

#[test]
fn same_payment_may_be_made_twice() {
    let node = Node::start();
    let payment = pay("bob", "5");
    let paid = [node.accept(&payment), node.accept(&payment)];
    node.mine();
    assert_eq!(node.chain()[1].transactions[..2], paid);
}

#[test]
fn refusal_does_not_block_the_correct_payment() {
    let node = Node::start();
    let right = pay("bob", "5");
    let wrong = right.with("amount", Some(json!(6)));
    for _ in 0..3 {
        let refused = node.post("/transactions/new", &wrong);
        assert_eq!((refused.status, &*refused.text), (401, "Signature verification failure"));
    }
    node.accept(&right);
    assert_eq!(node.post("/transactions/new", &wrong).status, 401);
    assert_eq!(node.pool(), [right.transaction()]);
}
