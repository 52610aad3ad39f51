//! Private keys in published members: refused and never repeated.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::json;

use crate::harness::made::payments::{alice, pay, signed};
use crate::harness::node::Node;

/// A private key from the key fixtures.
fn form(name: &str) -> Vec<u8> {
    let forms: serde_json::Value =
        serde_json::from_str(include_str!("../../../../wallet/tests/data/forms.json")).unwrap();
    BASE64_STANDARD.decode(forms["private"][name].as_str().unwrap()).unwrap()
}

/// Private keys of Alice and others, in common text forms.
fn secrets() -> Vec<String> {
    let (pem, secret) = (alice().to_pem().to_string(), alice().secret().to_string());
    let text = |name| String::from_utf8(form(name)).unwrap();
    vec![
        secret.clone(),
        format!("{secret}\n"),
        format!("SECRET={secret}"),
        secret[7..].to_owned(),
        secret.trim_end_matches('=').replace('+', "-"),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', " "),
        pem,
        text("pkcs8"),
        text("openssh"),
        text("jwk"),
        BASE64_STANDARD.encode(form("pkcs8")),
        BASE64_STANDARD.encode(form("pkcs8_der")),
        BASE64_STANDARD.encode(form("pkcs1_der")),
    ]
}

#[test]
fn private_key_is_refused_in_every_published_member() {
    let node = Node::start();
    for secret in secrets() {
        let quoted = json!(secret).to_string();
        for (body, member) in [
            (signed(alice(), &secret, "5", "5").json(), "recipient"),
            (signed(alice(), "bob", &quoted, &secret).json(), "amount"),
            (pay("bob", "5").with("sender", Some(json!(secret))), "sender"),
        ] {
            let answer = node.post("/transactions/new", body);
            assert_eq!(answer.status, 400, "{}", answer.text);
            let start = format!("{member} is a private key: never hand it out");
            assert!(answer.text.starts_with(&start), "{secret}: {}", answer.text);
            assert!(!answer.text.contains(&secret[40..60]), "{}", answer.text);
        }
    }
    assert!(node.pool().is_empty());
}

#[test]
fn public_keys_and_names_can_be_paid() {
    let node = Node::start();
    let address = alice().address().as_str();
    let public = BASE64_STANDARD.decode(address).unwrap();
    for recipient in
        [address, str::from_utf8(&public).unwrap(), "PRIVATE KEY", "the key to my heart is private"]
    {
        node.accept(&pay(recipient, "5"));
    }
}
