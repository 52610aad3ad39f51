//! Foreign text in log, answers and terminal: escaped, cut and summed up.

use std::net::TcpListener;
use std::process::Command;

use crate::harness::durable::{assert_one_line, error, run};
use crate::harness::http::Answer;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::node::Node;
use crate::harness::peer::{Peer, head};
use crate::harness::raw::Raw;
use crate::peers::that_lie::impatient;

/// A line end, a forged line, C0 and C1 control sequences, and a right-to-left override.
const EVIL: &str = "x\r\n00:00:00  INFO forged\u{1b}[2J\u{9b}2J\u{202e}\u{200b}\u{7}";

/// [`EVIL`] as JSON, with each character escaped.
fn evil_json() -> String {
    EVIL.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn assert_printable(text: &str) {
    let is_evil = |character: char| character.is_control() || "\u{202e}\u{200b}".contains(character);
    assert!(!text.trim_end_matches('\n').contains(is_evil), "{text:?}");
}

/// Resolves with exactly these neighbours. Checks each new log line and returns them.
fn log_of_resolve(neighbours: &[&str]) -> Vec<String> {
    let node = impatient().start();
    node.register(neighbours);
    assert!(!node.resolve());
    let lines = node.stop().stderr;
    let from = lines.iter().position(|line| line.contains("peer") && !line.contains("listening")).unwrap();
    let lines: Vec<String> = lines[from..].to_vec();
    for line in &lines {
        assert_printable(line);
        assert!(line.chars().count() < 400, "{} characters", line.chars().count());
        let is_logged = [" INFO ", " WARN "]
            .iter()
            .any(|level| line.get(8..15).is_some_and(|at| at.contains(level.trim())));
        assert!(is_logged && !line.starts_with("00:00:00"), "{line}");
    }
    lines
}

/// A peer whose fourth block has a member with this name.
fn with_member(json: &str) -> Peer {
    let mut texts = texts(&chain(6));
    texts[3] = texts[3].replacen("{\"index\"", &format!("{{\"{json}\": 1, \"index\""), 1);
    Peer::with_body(answer(&texts))
}

#[test]
fn member_names_forge_no_line() {
    for name in [evil_json(), EVIL.replace("\r\n", " ").replace(['\u{1b}', '\u{7}'], "")] {
        let lines = log_of_resolve(&[&with_member(&name).address()]);
        assert!(lines.iter().any(|line| line.contains("unknown member \"")), "{lines:#?}");
    }
}

#[test]
fn long_member_names_are_cut() {
    let peer = with_member(&"n".repeat(1 << 20));
    let lines = log_of_resolve(&[&peer.address()]);
    assert!(lines.iter().any(|line| line.contains("nnnn") && line.ends_with('…')), "{lines:#?}");
}

#[test]
fn other_members_and_values_forge_no_line() {
    let blocks = texts(&chain(6)).join(", ");
    let evil = evil_json();
    let timestamp =
        texts(&chain(6))[3].replacen("\"timestamp\": ", &format!("\"timestamp\": \"{evil}\", \"t\": "), 1);
    for body in [
        format!("{{\"chain\": [{blocks}], \"{evil}\": {{{EVIL}}}}}"),
        format!("{{\"{EVIL}\": [{blocks}]}}"),
        answer(&[texts(&chain(3)), vec![timestamp]].concat()),
        EVIL.to_owned(),
    ] {
        log_of_resolve(&[&Peer::with_body(body).address()]);
    }
}

#[test]
fn status_lines_and_headers_forge_no_line() {
    for answer in [
        format!("HTTP/1.1 500 {}\r\nContent-Length: 0\r\n\r\n", EVIL.replace("\r\n", " ")),
        format!("HTTP/1.1 302 Found\r\nLocation: http://\u{1b}[2J/\r\nX: {}\r\n\r\n", "y".repeat(60_000)),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: \u{1b}[2J\r\n\r\n{EVIL}"),
        format!("HTTP/1.1 200 OK\r\nContent-Length: {EVIL}\r\n\r\n"),
        format!("{EVIL}\r\n\r\n"),
        format!("{}{EVIL}", head(1_000_000)),
    ] {
        log_of_resolve(&[&Peer::sending(answer).address()]);
    }
}

#[test]
fn thousand_dead_peers_are_logged_as_one_summary() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let dead: Vec<String> =
        (0..990).map(|peer| format!("127.9.{}.{}:{port}", peer / 250, peer % 250 + 1)).collect();
    let liars: Vec<Peer> = (0..10).map(|_| Peer::with_body("garbage")).collect();
    let addresses: Vec<String> = liars.iter().map(Peer::address).chain(dead).collect();
    let lines = log_of_resolve(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    let bytes: usize = lines.iter().map(String::len).sum();
    assert!(bytes < 4_096, "{bytes} bytes of log: {lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains("skipping peer ")).count(), 10);
    let summary = lines.iter().find(|line| line.contains("skipping 990 more peers: ")).unwrap();
    assert!(summary.contains(" no answer") && summary.len() < 200, "{summary}");
}

fn assert_refusal(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status);
    assert_printable(&answer.text);
    assert!(answer.text.chars().count() < 1_000, "{} characters", answer.text.chars().count());
}

#[test]
fn refusals_escape_control_characters() {
    let node = Node::start();
    let evil = evil_json();
    for (path, body) in [
        ("/transactions/new", format!("{{\"{evil}\": 1}}")),
        ("/transactions/new", format!("{{\"{evil}\": 1, \"{evil}\": 1}}")),
        ("/transactions/new", format!("{{\"{evil}\": {EVIL}}}")),
        ("/transactions/new", format!("{{\"{}\": 1}}", "n".repeat(200_000))),
        ("/transactions/new", EVIL.to_owned()),
        (
            "/transactions/new",
            format!(r#"{{"sender": "{evil}", "recipient": "b", "amount": 5, "signature": "{evil}"}}"#),
        ),
        (
            "/transactions/new",
            format!(r#"{{"sender": "a", "recipient": "b", "amount": "-{evil}", "signature": "s"}}"#),
        ),
        (
            "/transactions/new",
            r#"{"sender": "\ud800", "recipient": "b", "amount": 5, "signature": "s"}"#.to_owned(),
        ),
        ("/nodes/register", format!("{{\"nodes\": [\"{evil}\"]}}")),
        ("/nodes/register", format!("{{\"nodes\": [\"{}:80\"]}}", "h".repeat(200_000))),
    ] {
        assert_refusal(&node.post(path, body), 400);
    }
    assert_refusal(&node.get("/chain?from=%1b%0a%c2%9b"), 400);
    assert_refusal(&node.get("/blocks/%1b%0a%c2%9b"), 400);
}

#[test]
fn paths_and_methods_are_escaped_and_cut() {
    let node = Node::start();
    for (method, path, status) in [
        ("DELETE", format!("/addresses/{}", "a".repeat(60_000)), 405),
        (&"M".repeat(10_000), "/chain".to_owned(), 405),
        // The server refuses such a path itself.
        ("DELETE", "/addresses/\u{9b}2J\u{202e}".to_owned(), 400),
        ("GET", "/\u{9b}2J\u{202e}".to_owned(), 400),
    ] {
        let mut raw = Raw::open(&node);
        raw.ask(method, &path);
        assert_refusal(&raw.answer().unwrap(), status);
    }
}

#[test]
fn file_and_setting_names_stay_on_one_line() {
    let node = Launch::usual().flag("data-dir", "da\nta\u{1b}[2J").start();
    assert!(node.log.find(r"da\nta\u{1b}[2J").is_some());
    node.stop();
    let launch = Launch::usual().flag("config", "no\n\u{1b}such.toml");
    assert_one_line(&launch.end(), &[r"no\n\u{1b}such.toml"]);
    let launch = Launch::usual().file("evil.toml", "\"\\u001b\\n\\u202e\" = 1\n").flag("config", "evil.toml");
    assert_one_line(&launch.end(), &[r#""\u{1b}\n\u{202e}" is not a setting"#]);
    let launch = Launch::usual().variable("LEDGER_PORT", "\u{1b}[2J");
    assert_one_line(&launch.without("port").end(), &[r"\u{1b}[2J"]);
}

#[test]
fn import_names_a_forged_member_on_one_line() {
    let launch = Launch::usual();
    let mut texts = texts(&chain(6));
    texts[3] = texts[3].replacen("{\"index\"", &format!("{{\"{}\": 1, \"index\"", evil_json()), 1);
    let output = run(
        launch.folder(),
        &["import", "--data-dir", "data", "--difficulty", "2"],
        answer(&texts).as_bytes(),
    );
    let said = error(&output);
    assert_printable(&said);
    assert!(said.contains("unknown member \""), "{said}");
}

#[test]
fn client_escapes_control_characters_of_a_refusal() {
    let body = EVIL.replace("\r\n", " ");
    let peer = Peer::sending(format!("HTTP/1.1 500 No\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/chain");
    let output = Command::new(client).env("LEDGER_NODE", peer.address()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap();
    assert_printable(last);
    assert!(last.contains("the node answered 500: x 00:00:00  INFO forged"), "{said}");
}
