//! Floats have Python's digits, also where two texts are equally short.

use std::time::{Duration, Instant};

use ledger_core::{JsonText, Number, canonical};

/// Floats and what Python 3.11 prints for them.
const TIES: [(&str, &str); 12] = [
    ("1500039736.23828125", "1500039736.2382812"),
    ("1500039736.83984375", "1500039736.8398438"),
    ("-1500039736.23828125", "-1500039736.2382812"),
    ("1069398618122682.25", "1069398618122682.2"),
    ("1069398618122682.75", "1069398618122682.8"),
    ("5e-324", "5e-324"),
    ("9007199254740993.0", "9007199254740992.0"),
    ("9999999999999998.0", "9999999999999998.0"),
    ("1e16", "1e+16"),
    ("0.0001", "0.0001"),
    ("0.00001", "1e-05"),
    ("0.000012345", "1.2345e-05"),
];

#[test]
fn tie_goes_to_the_even_digit() {
    for (received, python) in TIES {
        assert_eq!(Number::parse(received).unwrap().to_string(), python, "{received}");
        assert_eq!(serde_json::to_string(&Number::parse(received).unwrap()).unwrap(), python, "{received}");
    }
}

#[test]
fn long_text_of_special_characters_is_written_in_linear_time() {
    let begin = Instant::now();
    for character in ["\u{e9}", "\"", "\\", "\n", "\u{1f389}"] {
        let text = character.repeat((4 << 20) / character.len());
        let written = canonical::string_text(&text);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

/// Floats with 700,000 zeros, most of them with a huge exponent.
#[test]
fn floats_of_any_length_are_read_exactly() {
    let zeros = "0".repeat(700_000);
    for (received, python) in [
        (format!("1{zeros}.0e-700000"), "1.0"),
        (format!("-1{zeros}E-700001"), "-0.1"),
        (format!("0.{zeros}12345e+00700001"), "1.2345"),
        (format!("0.{zeros}1e1400000"), "Infinity"),
        (format!("0.{zeros}0e999999999999999999999"), "0.0"),
        (format!("1{zeros}.5e-999999999999999999999"), "0.0"),
        (format!("0.{zeros}1e999999999999999999999"), "Infinity"),
        (format!("9007199254740993{zeros}e-700000"), "9007199254740992.0"),
        (format!("9007199254740993{zeros}1.0e-700001"), "9007199254740994.0"),
        (format!("1500039736.23828125{zeros}"), "1500039736.2382812"),
    ] {
        assert_eq!(JsonText::parse(received.as_bytes()).unwrap().as_str(), python, "{}", &received[..20]);
        let number = Number::parse(&received).map_or("Infinity".to_owned(), |number| number.to_string());
        assert_eq!(number, python);
    }
}
