//! Ill-formed paths and queries are refused: a lenient reader could take two of them for one text.

use crate::harness::node::Node;
use crate::harness::raw::Raw;

/// Invalid encodings: broken escapes, lone bytes, overlong forms, surrogates, code points beyond Unicode.
const ILL_FORMED: [&str; 12] =
    ["%", "%a", "%zz", "%+1", "%%41", "%ff", "%80", "%c3", "%c3%28", "%c0%af", "%ed%a0%80", "%f4%90%80%80"];

/// Sends a path that no library would send.
fn status(node: &Node, path: &str) -> (u16, String) {
    let mut raw = Raw::open(node);
    raw.ask("GET", path);
    let answer = raw.answer().unwrap();
    (answer.status, answer.text)
}

#[test]
fn ill_formed_encoding_is_refused_everywhere() {
    let node = Node::start();
    for text in ILL_FORMED {
        for path in [
            format!("/addresses/a{text}"),
            format!("/addresses/{text}/b"),
            format!("/blocks/{text}"),
            format!("/blocks/1{text}"),
            format!("/chain?from=1{text}"),
            format!("/chain?from{text}=1"),
            format!("/chain?other={text}&limit=1"),
            format!("/addresses/bob?limit={text}"),
            format!("/addresses/bob?{text}"),
        ] {
            let (status, says) = status(&node, &path);
            assert_eq!(status, 400, "{path}: {says}");
            assert!(says.contains("is ill-formed"), "{path}: {says}");
        }
    }
}

#[test]
fn raw_non_ascii_bytes_are_refused() {
    let node = Node::start();
    for bytes in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf"] {
        let mut raw = Raw::open(&node);
        raw.send([b"GET /addresses/a", bytes, b" HTTP/1.1\r\nHost: node\r\n\r\n"].concat());
        let answer = raw.answer();
        assert!(answer.as_ref().is_none_or(|answer| answer.status == 400), "{bytes:?}: {answer:?}");
    }
}

#[test]
fn well_formed_encoding_is_decoded() {
    let node = Node::start();
    for (path, address) in [
        ("Zo%C3%AB%20%26%25", "Zoë &%"),
        ("%F0%9f%A6%80", "🦀"),
        ("a%2Fb%2bc+d", "a/b+c+d"),
        ("%ED%9F%BF", "\u{d7ff}"),
        ("%2525", "%25"),
    ] {
        let answer = node.get(&format!("/addresses/{path}")).json();
        assert_eq!(answer["address"], address, "{path}");
    }
    assert_eq!(node.get("/blocks/%6Catest").status, 200);
    assert_eq!(status(&node, "/chain?fr%6Fm=%31").0, 200);
}
