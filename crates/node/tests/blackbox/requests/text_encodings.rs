//! JSON input in every encoding that Python's `json` detects, and messages for input that is not JSON.

use std::path::Path;

use crate::harness::durable::{error, run};
use crate::harness::http::post_as;
use crate::harness::made::chains::{answer, chain, next, texts};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::peers::that_lie::assert_skipped;

/// A text in each encoding, with and without a byte order mark.
fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let marked = format!("\u{feff}{text}");
    let utf16 =
        |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let utf32 = |text: &str, bytes: fn(u32) -> [u8; 4]| {
        text.chars().flat_map(|character| bytes(character.into())).collect::<Vec<u8>>()
    };
    vec![
        ("UTF-8", text.into()),
        ("UTF-8 with a mark", marked.clone().into()),
        ("UTF-16, little-endian", utf16(text, u16::to_le_bytes)),
        ("UTF-16, little-endian, with a mark", utf16(&marked, u16::to_le_bytes)),
        ("UTF-16, big-endian", utf16(text, u16::to_be_bytes)),
        ("UTF-16, big-endian, with a mark", utf16(&marked, u16::to_be_bytes)),
        ("UTF-32, little-endian", utf32(text, u32::to_le_bytes)),
        ("UTF-32, little-endian, with a mark", utf32(&marked, u32::to_le_bytes)),
        ("UTF-32, big-endian", utf32(text, u32::to_be_bytes)),
        ("UTF-32, big-endian, with a mark", utf32(&marked, u32::to_be_bytes)),
    ]
}

#[test]
fn bodies_are_read_in_every_encoding() {
    let node = Node::start();
    for (number, (name, body)) in encodings(&pay("Zoë 山田 🙂", "5").json()).into_iter().enumerate() {
        let taken = node.post("/transactions/new", body);
        assert_eq!(taken.status, 201, "{name}: {}", taken.text);
        let pool = node.pool();
        assert_eq!(pool.len(), number + 1);
        assert!(pool.iter().all(|payment| payment.recipient.as_text() == Some("Zoë 山田 🙂")), "{name}");
    }
    for (name, body) in encodings("{\"nodes\": [\"localhost:7001\"]}") {
        assert_eq!(node.post("/nodes/register", body).status, 201, "{name}");
    }
}

#[test]
fn charset_is_ignored_as_in_flask() {
    let node = Node::start();
    for kind in ["application/json; charset=iso-8859-1", "application/json; charset=utf-16", "text/plain", ""]
    {
        let body = pay("Zoë", "5").json();
        assert_eq!(post_as(&node.url("/transactions/new"), kind, body.as_bytes()).status, 201, "{kind}");
    }
    assert!(node.pool().iter().all(|payment| payment.recipient.as_text() == Some("Zoë")));
}

#[test]
fn peer_chain_is_read_in_every_encoding() {
    for (name, body) in encodings(&answer(&texts(&chain(5)))) {
        let node = Node::start();
        let peer = Peer::with_body(body);
        node.register(&[&peer.address()]);
        assert!(node.resolve(), "{name}");
        assert_eq!(node.chain(), chain(5), "{name}");
    }
}

/// Imports a file. Returns whether that worked, and the output.
fn import(file: &Path, bytes: &[u8]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), bytes).unwrap();
    let flags = ["--data-dir", "data", "--difficulty", "2", "import"];
    let output = run(folder.path(), &[flags.as_slice(), &[file.to_str().unwrap()]].concat(), b"");
    (output.status.success(), error(&output))
}

#[test]
fn file_is_imported_in_every_encoding() {
    let mut long = chain(3);
    let large = ledger_core::Transaction::reward("🙂".repeat(200_000), 1_u64);
    long.push(next(&long[2], vec![large]));
    // Canonical text is ASCII, but a tool that rewrote the file may have unescaped other characters.
    let text = answer(&texts(&long)).replace("\\ud83d\\ude42", "🙂").replace(", ", ",\r\n  ");
    for (name, bytes) in encodings(&text) {
        let (works, says) = import(Path::new("chain.json"), &bytes);
        assert!(works, "{name}: {says}");
    }
}

#[test]
fn file_without_a_chain_is_refused_with_the_reason() {
    let text = answer(&texts(&chain(3)));
    let latin1: Vec<u8> = text
        .replace("\"peer\"", "\"Zo\u{1}\"")
        .bytes()
        .map(|byte| if byte == 1 { 0xeb } else { byte })
        .collect();
    let half = [0xff, 0xfe, b'{', 0, 0, 0xd8, b'}', 0];
    for (bytes, words) in [
        (&b""[..], "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"\r\n", "it is empty"),
        (b"\x1f\x8b\x08\x08\0\0\0\0", "gzip data; unpack it first, as with gunzip -c"),
        (b"PK\x03\x04\x14\0", "a zip archive"),
        (b"SQLite format 3\0\x10\0", "an SQLite database, such as a ledger.db"),
        (b"<!DOCTYPE html>", "a web page or XML"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "a web page or XML"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}", "run curl without -i"),
        (b"+--------+-----+\n| From   |", "the box that the clients print"),
        (b"\x1b[1;39m{", "coloured output"),
        (b"[{\"index\": 1}]", "a list; a chain is an object"),
        (b"{'chain': []}", "single quotes"),
        (&latin1, "block 2: in its JSON, byte 0xEB at offset "),
        (&latin1, "(in Latin-1 or Windows-1252 it would read \"Zoë\")"),
        (&half, "byte 4 is not UTF-16, although the first bytes look like it"),
    ] {
        let (works, says) = import(Path::new("chain.json"), bytes);
        assert!(!works && says.contains("chain refused; nothing was imported"), "{says}");
        assert!(says.contains(words), "no {words:?} in {says}");
        assert_eq!(says.lines().count(), 1, "{says}");
    }
}

#[test]
fn wrong_encoding_from_a_peer_names_the_byte() {
    let text = answer(&texts(&chain(3))).replace("\"peer\"", "\"Zoe\"").into_bytes();
    let cp850: Vec<u8> = text.iter().map(|&byte| if byte == b'Z' { 0x89 } else { byte }).collect();
    assert_skipped(&Peer::with_body(cp850), "byte 0x89 at offset ");
}

#[test]
fn latin_1_payment_is_refused_with_the_byte() {
    let node = Node::start();
    let body: Vec<u8> =
        "{\"recipient\": \"Zoë\"}".chars().map(|character| u8::try_from(character).unwrap()).collect();
    node.post("/transactions/new", body).assert_says(
        400,
        "the body is not JSON: byte 0xEB at offset 17 is not UTF-8 (in Latin-1 or Windows-1252 it would read \"Zoë\"); send one JSON object in UTF-8, as {\"sender\": \"LS0t…\", \"recipient\": \"bob\", \"amount\": 5, \"signature\": \"R0fR…\"}",
    );
    let cut = node.post("/transactions/new", b"\xff\xfe{\0}");
    cut.assert_says(
        400,
        "the body is not text: byte 4 is not UTF-16, although the first bytes look like it; send JSON in UTF-8",
    );
}

#[test]
fn body_that_is_not_json_is_refused_with_an_example() {
    let node = Node::start();
    let before = node.state();
    for (path, example) in [
        (
            "/transactions/new",
            "as {\"sender\": \"LS0t…\", \"recipient\": \"bob\", \"amount\": 5, \"signature\": \"R0fR…\"}",
        ),
        ("/nodes/register", "as {\"nodes\": [\"http://localhost:5001\"]}"),
    ] {
        for (body, words) in [
            ("a=b", "the body is a form"),
            ("", "the body is empty"),
            ("--x\r\nContent-Disposition: form-data; name=\"a\"", "a form in parts"),
            ("'{\"a\": 1}'", "cmd on Windows"),
            ("{a: 1}", "PowerShell"),
            ("{'a': 1}", "json.dumps writes JSON"),
            ("{\"a\": 1}\n{\"a\": 2}", "send one at a time"),
            ("nothing", "the body is not JSON"),
        ] {
            let answer = node.post(path, body);
            answer.assert_refusal(body);
            assert!(
                answer.text.contains(words) && answer.text.contains(example),
                "{body:?}: {}",
                answer.text
            );
        }
    }
    assert_eq!(node.state(), before);
}
