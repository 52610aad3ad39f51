//! Values that only a peer's chain may hold: any JSON as amount or recipient, kept as Python writes it.

use std::time::{Duration, Instant};

use ledger_core::{
    Amount, Block, JsonText, MAX_DEPTH, Members, ParseError, PaymentError, Recipient, SignedTransaction,
    canonical,
};

/// JSON, and what Python 3.11 makes of it with `json.dumps(json.loads(...), sort_keys=True)`.
const VALUES: [(&str, &str); 27] = [
    (r##"null"##, r##"null"##),
    (r##"true"##, r##"true"##),
    (r##"false"##, r##"false"##),
    (r##"NaN"##, r##"NaN"##),
    (r##"Infinity"##, r##"Infinity"##),
    (r##"-Infinity"##, r##"-Infinity"##),
    (r##"1e400"##, r##"Infinity"##),
    (r##"-1e400"##, r##"-Infinity"##),
    (r##"1e22"##, r##"1e+22"##),
    (r##"1.7e308"##, r##"1.7e+308"##),
    (r##"18446744073709551616"##, r##"18446744073709551616"##),
    (r##"-9223372036854775809"##, r##"-9223372036854775809"##),
    (r##"9223372036854775808.0"##, r##"9.223372036854776e+18"##),
    (r##"[ ]"##, r##"[]"##),
    (r##"{ }"##, r##"{}"##),
    (r##"[-0,-0.0,1E5,1e-400]"##, r##"[0, -0.0, 100000.0, 0.0]"##),
    (r##"{"b":1,"a":2}"##, r##"{"a": 2, "b": 1}"##),
    (
        r##"{"b":{"d":1,"c":[{"z":1,"y":2,"z":3}]},"a":{"x":{"2":1,"10":2}},"b2":0}"##,
        r##"{"a": {"x": {"10": 2, "2": 1}}, "b": {"c": [{"y": 2, "z": 3}], "d": 1}, "b2": 0}"##,
    ),
    (
        r##"{"a":[[[{"q":1,"p":{"b":1,"a":1}}]]],"A":0,"a":{"c":{"b":{"z":0,"a":{"k":1,"j":2}}}}}"##,
        r##"{"A": 0, "a": {"c": {"b": {"a": {"j": 2, "k": 1}, "z": 0}}}}"##,
    ),
    (r##""\ud800""##, r##""\ud800""##),
    (r##""\udc00\ud800x""##, r##""\udc00\ud800x""##),
    (r##""\ud800\ud83c\udf89""##, r##""\ud800\ud83c\udf89""##),
    (
        r##"{"\ud83c\udf89":1,"\uffff":2,"\ud83c":3,"\ue000":4,"\u007f":5,"~":6,"\u0000":7,"":8}"##,
        r##"{"": 8, "\u0000": 7, "~": 6, "\u007f": 5, "\ud83c": 3, "\ue000": 4, "\uffff": 2, "\ud83c\udf89": 1}"##,
    ),
    (r##"{"\u0061":1,"a":2}"##, r##"{"a": 2}"##),
    (r##"{"a":1,"a":{"y":1,"x":2},"a":[3]}"##, r##"{"a": [3]}"##),
    (
        r##"["\/\b\f\n\r\t\"\\\u00e9\u2028\ud83c\udf89\u007F"]"##,
        r##"["/\b\f\n\r\t\"\\\u00e9\u2028\ud83c\udf89\u007f"]"##,
    ),
    (r##"["é🎉"]"##, r##"["\u00e9\ud83c\udf89"]"##),
];

fn block(amount: &str, recipient: &str) -> String {
    format!(
        r#"{{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1, "transactions": [{{"amount": {amount}, "recipient": {recipient}, "sender": "a"}}]}}"#
    )
}

#[test]
fn any_value_is_kept_as_python_writes_it() {
    for (received, python) in VALUES {
        assert_eq!(JsonText::parse(received.as_bytes()).unwrap().as_str(), python, "{received}");
        let read: Members<'_> = block(received, received).parse().unwrap();
        assert!(matches!(read.transactions[0].amount, Amount::Other(_)), "{received}");
        assert!(matches!(read.transactions[0].recipient, Recipient::Other(_)), "{received}");
        let text = canonical::text(&read);
        assert_eq!(text, block(python, python));
        assert_eq!(Members::from_json(text.as_bytes()).unwrap(), read, "{received}");
    }
}

#[test]
fn values_other_than_numbers_and_texts_cannot_be_paid() {
    for (received, _) in VALUES {
        let read: Members<'_> = block(received, "5").parse().unwrap();
        assert!(read.transactions[0].amount.check_payable().is_err(), "{received}");
        let read: Members<'_> = block("5", received).parse().unwrap();
        let refused = SignedTransaction::new(read.transactions[0].clone(), "x".into());
        assert_eq!(refused, Err(PaymentError::NoText("recipient")), "{received}");
    }
}

#[test]
fn text_and_equal_looking_value_are_different_recipients() {
    let recipient = |json: &str| {
        let block = block("1", json).parse::<Members<'_>>().unwrap();
        block.transactions[0].recipient.clone()
    };
    assert_eq!(recipient("\"null\"").as_str(), recipient("null").as_str());
    assert_ne!(recipient("\"null\""), recipient("null"));
    assert_eq!(recipient("null").as_text(), None);
}

#[test]
fn last_duplicate_member_counts() {
    let twice = r#"{"index": "x", "index": 1, "previous_hash": 1, "proof": 7, "proof": -0, "timestamp": 1e300,
        "transactions": [5], "transactions": [{"amount": 1, "amount": 2, "sender": 5, "recipient": "b", "sender": "a"}]}"#;
    let read = Members::from_json(twice.as_bytes()).unwrap();
    let text = r#"{"index": 1, "previous_hash": 1, "proof": 0, "timestamp": 1e+300, "transactions": [{"amount": 2, "recipient": "b", "sender": "a"}]}"#;
    assert_eq!(canonical::text(&read), text);
    for wrong in ["\"index\": nope, \"index\": 1", "\"index\": 1, \"index\": \"x\""] {
        assert!(
            Members::from_json(twice.replace("\"index\": \"x\", \"index\": 1", wrong).as_bytes()).is_err(),
            "{wrong}"
        );
    }
}

/// JSON values that no user may pay.
#[test]
fn block_with_any_json_value_reads_back() {
    for value in [
        "null",
        "true",
        "18446744073709551616",
        "1.7e308",
        "[[1e22], -0.0]",
        "{\"b\": {}, \"a\": \"\\ud83c\\udf89\"}",
    ] {
        let read: Members<'_> = block(value, value).parse().unwrap();
        let json = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Members>(&json).unwrap(), read, "{json}");
    }
    let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    let read: Members<'_> = block(&deep, "1").parse().unwrap();
    assert_eq!(serde_json::from_slice::<Members>(&serde_json::to_vec(&read).unwrap()).unwrap(), read);
}

#[test]
fn block_that_json_cannot_hold_is_not_written() {
    for value in [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "[NaN]",
        "{\"a\": [-Infinity]}",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "{\"\\udfff\": 1}",
    ] {
        for (amount, recipient) in [(value, "\"bob\""), ("1", value)] {
            let read: Members<'_> = block(amount, recipient).parse().unwrap();
            let payment = read.transactions[0].clone();
            let refusals = [
                serde_json::to_string(&read).unwrap_err(),
                serde_json::to_value(&read).unwrap_err(),
                serde_json::to_string(&payment).unwrap_err(),
                serde_json::to_string(&(payment.amount, payment.recipient)).unwrap_err(),
            ];
            for refusal in refusals.map(|error| error.to_string()) {
                assert!(refusal.starts_with("JSON has no NaN, no infinities"), "{value}: {refusal}");
            }
        }
    }
    // Texts that only look like such values.
    for text in [r#""NaN""#, r#""\\ud800""#, r#""\\\ud83c\udf89""#] {
        let read: Members<'_> = block(text, text).parse().unwrap();
        let json = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Members>(&json).unwrap(), read, "{json}");
    }
}

/// Unsorted objects, nested as deeply as allowed, with a long text in the deepest.
#[test]
fn members_of_deep_objects_are_sorted_in_linear_time() {
    let begin = Instant::now();
    let deep = format!(
        "{}\"{}\"{}",
        "{\"b\":1,\"a\":".repeat(MAX_DEPTH),
        "x".repeat(8 << 20),
        ",\"b\":2}".repeat(MAX_DEPTH)
    );
    let sorted = JsonText::parse(deep.as_bytes()).unwrap();
    assert!(sorted.as_str().starts_with("{\"a\": {\"a\": "));
    assert!(sorted.as_str().ends_with("\"b\": 2}, \"b\": 2}"));
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
}

/// U+007F is one byte in JSON, and six in a canonical text.
#[test]
fn block_with_too_long_a_text_is_refused_before_writing() {
    let long = format!("\"{}\"", "\u{7f}".repeat(1 << 20));
    for (amount, recipient) in
        [("1", &*long), (&*long, "\"b\""), ("1", &format!("[{long}]")), (&format!("{{{long}:1}}"), "1")]
    {
        let json = block(amount, recipient);
        let text = Block::from_json(json.as_bytes()).unwrap();
        let length = text.text().len();
        assert!(length > 6 << 20);
        assert_eq!(Block::from_json_within(json.as_bytes(), length).unwrap(), text);
        let refused = Block::from_json_within(json.as_bytes(), length - 1).unwrap_err();
        assert_eq!(refused, ParseError::TooLong { limit: length - 1 });
        assert!(Block::from_json_within(json.as_bytes(), 2 << 20).is_err());
    }
}
