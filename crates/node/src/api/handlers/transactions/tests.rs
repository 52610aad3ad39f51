//! Payments on their way in, and the answers that show the pool.

use ledger_core::Transaction;
use serde_json::{Value, json};
use tempfile::tempdir;
use wallet::Wallet;

use super::*;
use crate::api::testing::{ask, get, json, node, post};

/// A signed payment as a client sends it.
fn signed(wallet: &Wallet, recipient: &str, amount: &str) -> Value {
    let sender = wallet.address().to_string();
    let payment =
        Transaction { amount: amount.into(), recipient: recipient.into(), sender: sender.clone().into() };
    let signature = wallet.sign(payment.message().as_bytes()).unwrap().into_string();
    json!({"sender": sender, "recipient": recipient, "amount": amount, "signature": signature})
}

async fn send(node: &Data<Node>, payment: &Value) {
    let answer = ask(node, post("/transactions/new", payment)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

/// The `length` in an answer, and the recipients that it shows.
async fn shown(node: &Data<Node>, path: &str) -> (u64, Vec<String>) {
    let pool = json(node, path).await;
    let recipient = |payment: &Value| payment["recipient"].as_str().unwrap().to_owned();
    (
        pool["length"].as_u64().unwrap(),
        pool["transactions"].as_array().unwrap().iter().map(recipient).collect(),
    )
}

/// A wallet's address in a URL.
fn encoded(address: &str) -> String {
    address.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[actix_web::test]
async fn sent_payment_waits_for_the_next_block() {
    let (directory, wallet) = (tempdir().unwrap(), Wallet::generate().unwrap());
    let node = node(&directory);
    let sent = ask(&node, post("/transactions/new", signed(&wallet, "bob", "5"))).await;
    assert_eq!(sent.json(), json!({"message": "Transaction will be added to Block 2"}));
    for body in [json(&node, "/transactions").await, json(&node, "/transactions").await] {
        let payment = json!({"sender": wallet.address().as_str(), "recipient": "bob", "amount": "5"});
        assert_eq!(body, json!({"length": 1, "transactions": [payment]}));
    }
    send(&node, &signed(&wallet, "carol", "5")).await;
    assert_eq!(shown(&node, "/transactions").await, (2, vec!["bob".to_owned(), "carol".to_owned()]));
}

#[actix_web::test]
async fn part_of_the_pool_is_shown() {
    let (directory, [alice, zoe]) = (tempdir().unwrap(), [(); 2].map(|()| Wallet::generate().unwrap()));
    let node = node(&directory);
    for (wallet, recipient) in [(&alice, "bob"), (&zoe, "carol"), (&alice, "carol"), (&alice, "dora")] {
        send(&node, &signed(wallet, recipient, "5")).await;
    }
    let of = |address: &str, rest: &str| format!("/transactions?address={}{rest}", encoded(address));
    for (path, length, recipients) in [
        ("/transactions?limit=2".to_owned(), 4, &["bob", "carol"][..]),
        ("/transactions?limit=1000".to_owned(), 4, &["bob", "carol", "carol", "dora"]),
        (of("carol", ""), 2, &["carol", "carol"]),
        (of(alice.address().as_str(), ""), 3, &["bob", "carol", "dora"]),
        (of(alice.address().as_str(), "&limit=2"), 3, &["bob", "carol"]),
        (of("nobody", ""), 0, &[]),
    ] {
        assert_eq!(
            shown(&node, &path).await,
            (length, recipients.iter().map(|name| (*name).to_owned()).collect()),
            "{path}"
        );
    }
    for limit in ["0", "1001", "x"] {
        let refused = ask(&node, get(&format!("/transactions?limit={limit}"))).await;
        assert_eq!((refused.status, &*refused.text), (400, "limit must be a whole number from 1 to 1000"));
    }
}

#[actix_web::test]
async fn part_of_the_pool_has_a_mebibyte_at_most() {
    let (directory, wallet) = (tempdir().unwrap(), Wallet::generate().unwrap());
    let node = node(&directory);
    let long = "x".repeat(200_000);
    for _ in 0..6 {
        send(&node, &signed(&wallet, &long, "5")).await;
    }
    for path in [
        "/transactions?limit=9".to_owned(),
        format!("/transactions?address={}", encoded(wallet.address().as_str())),
    ] {
        let (length, shown) = shown(&node, &path).await;
        assert_eq!((length, shown.len()), (6, 5), "{path}");
    }
}

#[actix_web::test]
async fn refused_payment_says_why() {
    let (directory, wallet) = (tempdir().unwrap(), Wallet::generate().unwrap());
    let node = node(&directory);
    let payment = signed(&wallet, "bob", "5");
    let with = |name: &str, value: Value| {
        let mut changed = payment.clone();
        changed[name] = value;
        changed
    };
    let mut missing = payment.clone();
    missing.as_object_mut().unwrap().remove("amount");
    for (body, status, says) in [
        (missing, 400, "Missing values"),
        (with("amount", json!("6")), 401, "Signature verification failure"),
        (with("sender", json!("alice")), 400, "sender: "),
        (with("signature", json!("AAA")), 400, "signature is "),
        (json!([payment]), 400, "the body is a list"),
    ] {
        let refused = ask(&node, post("/transactions/new", &body)).await;
        assert_eq!(refused.status, status, "{}", refused.text);
        assert!(refused.text.starts_with(says), "{}", refused.text);
    }
    let long = " ".repeat((256 << 10) + 1);
    assert_eq!(ask(&node, post("/transactions/new", long)).await.status, 413);
    assert_eq!(shown(&node, "/transactions").await.0, 0);
}

#[test]
fn message_names_its_member_once() {
    assert_eq!(named("sender", "sender is no text"), "sender is no text");
    assert_eq!(named("sender", "the address is short"), "sender: the address is short");
}
