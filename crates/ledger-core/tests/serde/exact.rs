//! Numbers that JSON readers change: exact if read from text, refused otherwise.

use ledger_core::{Amount, Block, JsonText, Members, Number};

use super::wrappers::{External, Internal, Untagged};
use super::{odd, odd_text, sample};

/// Values that serde_json changes unless it keeps the text of numbers.
const DOUBTFUL: [&str; 6] =
    ["-0", "-0.0", "18446744073709551616", "-9223372036854775809", "1e22", "[1, {\"a\": -0}]"];

/// Whether serde_json keeps the text of numbers: another crate may have enabled its feature `arbitrary_precision`.
fn keeps_texts() -> bool {
    serde_json::from_str::<serde_json::Value>("1e400").is_ok()
}

#[test]
fn json_text_is_canonical_inside_any_layout() {
    let (block, payment) = (sample(), sample().transactions.remove(1));
    assert_eq!(serde_json::to_string(&block).unwrap(), block.to_string());
    assert_eq!(serde_json::to_string_pretty(&payment).unwrap(), payment.to_string());
    let pretty = serde_json::to_string_pretty(&External::Block(sample())).unwrap();
    assert_eq!(pretty, format!("{{\n  \"Block\": {block}\n}}"));
}

#[test]
fn numbers_read_from_text_are_exact() {
    for json in DOUBTFUL.iter().chain(&["5.0", "1e-7", "123456789012345678.0", "1e308", "null"]) {
        let block = odd(json);
        for text in [odd_text(json), serde_json::to_string(&block).unwrap()] {
            assert_eq!(serde_json::from_str::<Members>(&text).unwrap().hash(), block.hash(), "{json}");
            assert_eq!(
                serde_json::from_slice::<[Members; 1]>(format!("[{text}]").as_bytes()).unwrap(),
                [odd(json)]
            );
            let external = format!("{{\"Block\": {text}}}");
            assert_eq!(serde_json::from_str::<External>(&external).unwrap(), External::Block(odd(json)));
        }
    }
}

#[test]
fn ambiguous_number_is_refused() {
    for json in DOUBTFUL {
        let text = odd_text(json);
        let tagged = text.replacen('{', "{\"type\": \"Block\", ", 1);
        let read = serde_json::from_str::<Internal>(&tagged);
        if keeps_texts() {
            assert_eq!(read.unwrap(), Internal::Block(odd(json)));
            continue;
        }
        let error = read.unwrap_err().to_string();
        assert!(error.contains("may have been an integer, which hashes differently"), "{error}");
        assert!(error.contains("a Block with its text"), "{error}");
        assert!(serde_json::from_str::<Untagged>(&text).is_err());
        let tree: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(serde_json::from_value::<Members>(tree).is_err());
    }
}

#[test]
fn other_floats_need_no_text() {
    for json in ["-1.5", "0.0", "1e-7"] {
        let tagged = odd_text(json).replacen('{', "{\"type\": \"Block\", ", 1);
        assert_eq!(serde_json::from_str::<Internal>(&tagged).unwrap(), Internal::Block(odd(json)));
    }
}

/// Here serde_json reads the numbers, not this crate.
#[test]
fn serde_json_value_never_changes_a_hash() {
    for json in DOUBTFUL {
        if let Ok(tree) = serde_json::to_value(odd(json)) {
            let read = serde_json::from_value::<Members>(tree);
            assert!(read.is_err() || read.is_ok_and(|read| read.hash() == odd(json).hash()), "{json}");
        }
    }
}

/// serde_json marks numbers with private member names. A hostile chain may use them.
#[test]
fn private_names_of_serde_json_are_ordinary_members() {
    for name in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
        let block = odd(&format!("{{\"{name}\": \"5\"}}"));
        assert_eq!(serde_json::from_str::<Members>(&block.to_string()).unwrap(), block);
        let tagged = block.to_string().replacen('{', "{\"type\": \"Block\", ", 1);
        let read = serde_json::from_str::<Internal>(&tagged).unwrap();
        // With `arbitrary_precision` this object reads as a number. Its hash then differs, and a chain with it is refused.
        if !keeps_texts() || name.ends_with("RawValue") {
            assert_eq!(read, Internal::Block(block));
        }
    }
}

#[test]
fn block_as_text_is_exact_in_every_format() {
    for json in DOUBTFUL.iter().chain(&["NaN", "1e400", "\"\\ud800\"", "[[[]]]"]) {
        let block = Block::new(odd(json));
        let tree = serde_json::to_value(&block).unwrap();
        assert_eq!(serde_json::from_value::<Block>(tree).unwrap(), block);
        let bytes = postcard::to_allocvec(&Some(&block)).unwrap();
        assert_eq!(postcard::from_bytes::<Option<Block>>(&bytes).unwrap(), Some(block));
    }
    let error = serde_json::from_str::<Block>("\"{}\"").unwrap_err().to_string();
    assert!(error.contains("missing member \"index\""), "{error}");
}

#[test]
fn single_numbers_and_values_are_canonical() {
    for (json, text) in
        [("-0", "0"), ("-0.0", "-0.0"), ("5e0", "5.0"), ("18446744073709551615", "18446744073709551615")]
    {
        assert_eq!(serde_json::from_str::<Number>(json).unwrap().to_string(), text);
        assert_eq!(serde_json::from_str::<Amount>(json).unwrap().to_string(), text);
    }
    let error = serde_json::from_str::<Number>("\"5\"").unwrap_err().to_string();
    assert!(error.contains("expected a number, not a text"), "{error}");
    let value: JsonText = serde_json::from_str("{\"b\": [1e22, 1e5], \"a\": null}").unwrap();
    assert_eq!(value.as_str(), "{\"a\": null, \"b\": [1e+22, 100000.0]}");
}

#[test]
fn too_deep_lists_are_refused() {
    let deep = format!("{}1{}", "[".repeat(127), "]".repeat(127));
    let tagged = odd(&deep).to_string().replacen('{', "{\"type\": \"Block\", ", 1);
    assert!(serde_json::from_str::<Internal>(&tagged).is_err());
    assert!(serde_json::to_value(odd(&format!("{}1{}", "[".repeat(200), "]".repeat(200)))).is_err());
}
