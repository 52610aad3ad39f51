//! Refused payments: each gets a message, and nothing changes.

use serde_json::{Value, json};
use wallet::Wallet;

use crate::harness::http::Answer;
use crate::harness::made::payments::{Payment, alice, pay, signed};
use crate::harness::node::Node;
use crate::harness::raw::Raw;

/// Deeper nesting than any parser should follow.
const DEEP: usize = 100_000;

/// Posts bodies that must all be refused. Checks that they changed nothing.
fn refused(bodies: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<Answer> {
    let node = Node::start();
    node.accept(&pay("bob", "1"));
    let before = node.state();
    let answers = bodies.into_iter().map(|body| {
        let body = body.as_ref();
        let answer = node.post("/transactions/new", body);
        answer.assert_refusal(&String::from_utf8_lossy(&body[..body.len().min(60)]));
        answer
    });
    let answers = answers.collect();
    assert_eq!(node.state(), before);
    answers
}

/// Bodies of a valid payment with this JSON as its amount.
fn with_amounts(amounts: &[&str]) -> Vec<String> {
    amounts.iter().map(|amount| pay("bob", amount).json()).collect()
}

/// Checks that each refusal is a 400 that names the member.
fn assert_all_name(member: &str, answers: &[Answer]) {
    for answer in answers {
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.text.contains(member), "{}", answer.text);
    }
}

#[test]
fn missing_member_is_refused_as_missing_values() {
    let good = pay("bob", "5");
    let members = ["sender", "recipient", "amount", "signature"];
    for answer in refused(members.map(|member| good.with(member, None)).iter().chain([&"{}".into()])) {
        answer.assert_says(400, "Missing values");
    }
}

#[test]
fn body_must_be_a_json_object() {
    let good = pay("bob", "5").json();
    let bodies =
        ["", " \n", "{", "nonsense", "[]", "5", "null", "\"text\"", "{}{}", "{'sender': 1}", "{\"a\":}"];
    let cut = good[..good.len() - 1].to_owned();
    let trailing = format!("{good}x");
    refused(bodies.into_iter().chain([cut.as_str(), trailing.as_str()]));
}

#[test]
fn deeply_nested_brackets_are_refused() {
    let (lists, objects) = ("[".repeat(DEEP), "{\"a\":".repeat(DEEP));
    let closed = format!("{lists}{}", "]".repeat(DEEP));
    refused([&lists, &objects, &closed]);
    let good = pay("bob", "5");
    let amounts = [&lists, &closed].map(|amount| Payment { amount: amount.clone(), ..good.clone() }.json());
    refused(amounts);
}

#[test]
fn invalid_numbers_are_refused() {
    assert_all_name(
        "",
        &refused(with_amounts(&["NaN", "Infinity", "-Infinity", "+5", "05", "5.", ".5", "0x5"])),
    );
}

#[test]
fn huge_numbers_are_refused() {
    let digits = "9".repeat(5000);
    let amounts = ["18446744073709551616", "1e400", "1e19", "9223372036854775808.0", &digits];
    assert_all_name("amount", &refused(with_amounts(&amounts)));
}

#[test]
fn text_amount_of_5000_digits_is_refused() {
    assert_all_name("amount", &refused(with_amounts(&[&format!("\"{}\"", "9".repeat(5000))])));
}

#[test]
fn amounts_must_be_positive() {
    let amounts = ["-5", "0", "0.0", "-0", "-0.0", "-1e-9", "1e-400"];
    assert_all_name("amount", &refused(with_amounts(&amounts)));
    let texts =
        ["-5", "0", "00", "0.0", "-0"].map(|text| signed(alice(), "bob", &json!(text).to_string(), text));
    assert_all_name("amount", &refused(texts.map(|payment| payment.json())));
}

#[test]
fn text_amounts_must_be_decimal_numbers() {
    let texts =
        ["", " ", "five", "5 ", " 5", "+5", "1e5", "0x5", "5.", ".5", "1_000", "1,5", "NaN", "inf", "५"];
    let payments = texts.map(|text| signed(alice(), "bob", &json!(text).to_string(), text).json());
    assert_all_name("amount", &refused(payments));
}

#[test]
fn amounts_must_be_numbers_or_texts() {
    assert_all_name("amount", &refused(with_amounts(&["true", "false", "null", "[]", "{}", "[5]"])));
}

#[test]
fn members_of_the_wrong_type_are_named() {
    let good = pay("bob", "5");
    for member in ["sender", "recipient", "signature"] {
        let values = [Value::Null, json!(5), json!(true), json!([]), json!({})];
        let answers = refused(values.map(|value| good.with(member, Some(value))));
        assert_all_name(member, &answers);
    }
}

#[test]
fn lone_surrogates_are_refused() {
    let good = pay("bob", "5").json();
    let lone = ["\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x"];
    let answers = refused(lone.map(|lone| good.replace("\"bob\"", &format!("\"bob{lone}\""))));
    assert_all_name("recipient", &answers);
}

#[test]
fn invalid_utf_8_is_refused() {
    let good = pay("b?b", "5").json().into_bytes();
    let bad = good.iter().map(|&byte| if byte == b'?' { 0xff } else { byte }).collect();
    refused([bad, [b"\xff\xfe".as_slice(), &good].concat()]);
}

#[test]
fn duplicate_members_are_refused() {
    let good = pay("bob", "5").json();
    let twice = [r#""amount": 5, "#, r#""recipient": "bob", "#]
        .map(|again| good.replacen('{', &format!("{{{again}"), 1));
    for (answer, member) in refused(twice).iter().zip(["amount", "recipient"]) {
        assert_all_name(member, std::slice::from_ref(answer));
    }
}

#[test]
fn unknown_members_are_refused() {
    let good = pay("bob", "5");
    assert_all_name("color", &refused([good.with("color", Some(json!("red")))]));
    refused([good.with(&"x".repeat(50_000), Some(json!(1)))]);
}

#[test]
fn reward_sender_cannot_pay() {
    assert_all_name("sender", &refused([pay("bob", "5").with("sender", Some(json!("0")))]));
}

#[test]
fn invalid_senders_are_refused() {
    let keys: Value = serde_json::from_str(include_str!("../../../../wallet/tests/data/keys.json")).unwrap();
    let bad = keys["bad_addresses"].as_object().unwrap();
    let secret = alice().secret().to_string();
    let others = ["", "bob", "00", "====", "🎉", secret.as_str()];
    let senders = bad.values().map(|address| address.as_str().unwrap()).chain(others);
    let good = pay("bob", "5");
    let answers = refused(senders.map(|sender| good.with("sender", Some(json!(sender)))));
    assert_all_name("sender", &answers);
    assert!(answers.iter().all(|answer| !answer.text.contains(&secret[40..80])), "a secret is repeated");
}

#[test]
fn wrong_signatures_fail() {
    let good = pay("bob", "5");
    let stranger = Wallet::generate().unwrap();
    let foreign = signed(&stranger, "bob", "5", "5").signature;
    let others = [pay("bob", "6"), pay("carol", "5"), pay("bob", "5.0"), pay("bob", "\"5.00\"")];
    let garbage =
        ["AAAA", "QQ==", &"A".repeat(344), &good.signature[4..], &format!("AAAA{}", good.signature)];
    let texts = garbage.map(str::to_owned).into_iter().chain([foreign]);
    let all = texts.chain(others.map(|other| other.signature));
    for answer in refused(all.map(|text| good.with("signature", Some(json!(text))))) {
        answer.assert_says(401, "Signature verification failure");
    }
}

#[test]
fn changing_any_signed_member_fails() {
    let good = pay("bob", "5");
    let other = Wallet::generate().unwrap();
    let changes = [
        ("sender", json!(other.address().as_str())),
        ("recipient", json!("bob ")),
        ("amount", json!(6)),
        ("amount", json!(5.0)),
    ];
    for answer in refused(changes.map(|(member, value)| good.with(member, Some(value)))) {
        answer.assert_says(401, "Signature verification failure");
    }
}

#[test]
fn body_limit_is_256_kib() {
    let node = Node::start();
    for (number, length, status) in [(1, 256 << 10, 201), (2, (256 << 10) + 1, 413)] {
        let mut body = pay(&format!("bob{number}"), "5").json().into_bytes();
        body.resize(length, b' ');
        assert_eq!(node.post("/transactions/new", body).status, status, "{length} bytes");
    }
}

#[test]
fn announced_body_of_64_mb_is_refused() {
    let answers = refused([vec![b' '; 64 << 20]]);
    assert_eq!(answers[0].status, 413);
}

#[test]
fn chunked_body_of_64_mb_is_refused() {
    let node = Node::start();
    let mut raw = Raw::open(&node);
    raw.send("POST /transactions/new HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunk = [b"10000\r\n".as_slice(), &[b'['; 0x10000], b"\r\n"].concat();
    let sent = (0..1024).all(|_| raw.send(&chunk)) && raw.send("0\r\n\r\n");
    assert!(sent, "the node hung up during the body");
    let answer = raw.answer().unwrap();
    answer.assert_refusal("64 MB in chunks");
    assert_eq!(answer.status, 413);
    assert_eq!(node.get("/transactions").status, 200);
}
