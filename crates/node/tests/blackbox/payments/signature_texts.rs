//! Signatures as people and tools send them: read as a Python node reads them, or refused by name.

use serde_json::json;

use crate::harness::made::payments::{Payment, alice, pay};
use crate::harness::node::Node;

/// The payment's body with another text as signature.
fn sent(payment: &Payment, signature: impl Into<String>) -> String {
    payment.with("signature", Some(json!(signature.into())))
}

/// The signature wrapped at this width.
fn wrapped(payment: &Payment, width: usize, end: &str) -> String {
    let lines = payment.signature.as_bytes().chunks(width);
    lines.map(|line| format!("{}{end}", str::from_utf8(line).unwrap())).collect()
}

#[test]
fn signature_is_unwrapped_as_in_python() {
    let (node, payment) = (Node::start(), pay("bob", "5"));
    let taken = [
        wrapped(&payment, 64, "\n"),
        wrapped(&payment, 76, "\r\n"),
        wrapped(&payment, 76, " "),
        wrapped(&payment, 1, "\t"),
        format!("  {}\n", payment.signature),
        // Python skips other characters and stops at the padding.
        format!("\"{}\"", payment.signature),
        format!("-{}", payment.signature),
        format!("{}A", payment.signature),
    ];
    for signature in &taken {
        let answer = node.post("/transactions/new", sent(&payment, signature));
        assert_eq!(answer.status, 201, "{signature:?}: {}", answer.text);
    }
    assert_eq!(node.pool(), vec![payment.transaction(); taken.len()]);
}

#[test]
fn wrapped_signature_is_stored_in_one_line() {
    let (node, payment) = (Node::start(), pay("bob", "5"));
    // Much longer than the signature: the pool's limit counts only what is stored.
    let (first, rest) = payment.signature.split_at(1);
    let long = format!("{first}{}{rest}", " ".repeat(20_000));
    assert_eq!(node.post("/transactions/new", sent(&payment, long)).status, 201);
    let launch = node.launch.clone();
    node.stop();
    let kept: String = crate::harness::durable::open(&launch)
        .query_row("SELECT signature FROM pool", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, payment.signature);
    assert_eq!(launch.start().pool(), [payment.transaction()]);
}

#[test]
fn invalid_base64_of_a_signature_is_named() {
    let (node, payment) = (Node::start(), pay("bob", "5"));
    let good = payment.signature.as_str();
    let hex: String = good.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (signature, reason) in [
        (String::new(), "signature is empty"),
        ("\n".to_owned(), "signature is empty"),
        (hex.clone(), "signature is in hex"),
        (hex.to_uppercase(), "signature is in hex"),
        (good.replace(['+', '/'], "_"), "signature is in the URL-safe alphabet"),
        (good.trim_end_matches('=').to_owned(), "signature is not complete base64: == is missing"),
        (good[1..].to_owned(), "one character too long or three too short"),
        (format!("-----BEGIN SIGNATURE-----\n{good}\n-----END SIGNATURE-----"), "-----BEGIN"),
        ("\u{fffd}\u{1}".repeat(128), "signature is binary"),
        ("not base64".to_owned(), "one character too long or three too short"),
        ("<signature>".to_owned(), "it holds '<' at character 1"),
        ("🎉".to_owned(), "it holds '🎉' at character 1"),
        (format!("{}{}", &good[..340], "é"), "it holds 'é' at character 341"),
        (format!("AAAA{good}\n{good}"), "more follows after the ="),
        (alice().secret().to_string(), "signature is a private key"),
        (alice().to_pem().to_string(), "signature is a private key"),
    ] {
        let answer = node.post("/transactions/new", sent(&payment, signature.clone()));
        assert_eq!(answer.status, 400, "{signature:?}: {}", answer.text);
        assert!(answer.text.starts_with("signature") && answer.text.contains(reason), "{}", answer.text);
    }
    assert!(node.pool().is_empty());
}

#[test]
fn wrong_signature_fails_in_the_tutorials_words() {
    let (node, payment) = (Node::start(), pay("bob", "5"));
    let other = pay("carol", "5");
    for signature in ["AAAA".to_owned(), "A".repeat(344), wrapped(&other, 64, "\n"), "QQ==".to_owned()] {
        let answer = node.post("/transactions/new", sent(&payment, signature));
        assert_eq!((answer.status, &*answer.text), (401, "Signature verification failure"));
    }
    assert!(node.pool().is_empty());
}
