//! The request log.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::harness::durable::assert_one_line;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::raw::Raw;
use crate::harness::short;

fn logging() -> Launch {
    Launch::usual().flag("request-log", "on")
}

/// Waits for the line of a request. Returns the text after the client's address.
fn line(node: &Node, request: &str) -> String {
    let line = node.log.find(&format!(" 127.0.0.1 {request} ")).unwrap();
    line.split_once("127.0.0.1 ").unwrap().1.to_owned()
}

#[test]
fn request_line_shows_status_and_time() {
    let node = logging().start();
    node.get("/chain");
    node.get("/chain?from=1&limit=1");
    node.mine();
    node.post("/nodes/register", r#"{"nodes": ["192.0.2.7:5000"]}"#);
    for (request, status) in [
        ("GET /chain", 200),
        ("GET /chain?from=1&limit=1", 200),
        ("GET /mine", 200),
        ("POST /nodes/register", 201),
    ] {
        let line = line(&node, request);
        let took = line.strip_prefix(&format!("{request} {status} in ")).unwrap_or_else(|| panic!("{line}"));
        assert!(took.ends_with('s') && took.starts_with(|first: char| first.is_ascii_digit()), "{line}");
    }
}

#[test]
fn refusal_line_gives_the_reason() {
    let node = logging().start();
    let answers = [
        ("POST /transactions/new", node.post("/transactions/new", "{}")),
        ("DELETE /chain", crate::harness::http::request("DELETE", &node.url("/chain"))),
        ("GET /blocks/77", node.get("/blocks/77")),
        ("GET /nowhere", node.get("/nowhere")),
    ];
    for (request, answer) in answers {
        let line = line(&node, request);
        let (status, said) = (answer.status, short(answer.text.trim_end()));
        assert!(line.starts_with(&format!("{request} {status} in ")), "{line}");
        let reason = line.split_once("s: ").unwrap().1.trim_end_matches('…');
        assert!(said.starts_with(reason) && reason.len() >= said.len().min(150), "{line}: {said}");
    }
}

#[test]
fn lines_keep_secrets_and_never_break_in_two() {
    let node = logging().start();
    let secret = "c2VjcmV0".repeat(75);
    node.get(&format!("/addresses/{secret}"));
    node.get("/chain?token=c2VjcmV0");
    let mut raw = Raw::open(&node);
    raw.request("GET", "/nodes?%0d%0a", &["Host: localhost", "Authorization: Bearer c2VjcmV0c2VjcmV0"], "");
    raw.answer().unwrap();
    raw.request("GET", "/a%0ab%1b[2J", &["Host: localhost"], "");
    raw.answer().unwrap();
    assert!(line(&node, "GET /a%0ab%1b[2J").starts_with("GET /a%0ab%1b[2J 404 in"));
    assert!(line(&node, "GET /nodes?…").starts_with("GET /nodes?… 200 in "));
    assert!(line(&node, "GET /chain?…").starts_with("GET /chain?… 200 in "));
    for line in node.stop().stderr {
        assert!(line.len() < 600, "{line}");
        assert!(line.matches("c2VjcmV0").count() < 10 && !line.contains("Bearer"), "{line}");
    }
}

#[test]
fn client_that_hangs_up_is_logged() {
    let node = logging().flag("difficulty", "12").start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    drop(miner);
    assert!(line(&node, "GET /mine broken off").starts_with("GET /mine broken off after "));
}

#[test]
fn client_that_speaks_another_protocol_is_logged() {
    let node = logging().start();
    for (bytes, line) in [
        (
            &b"\x16\x03\x01\x00\xf8\x01\x00\x00\xf4\x03\x03"[..],
            "400: it sent TLS; open http://, not https://",
        ),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "400: it sent something that is not HTTP/1.1"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400: it sent something that is not HTTP/1.1"),
    ] {
        let mut client = Raw::open(&node);
        client.send(bytes);
        assert_eq!(client.answer().unwrap().status, 400);
        node.log.find(&format!(" 127.0.0.1 {line}")).unwrap();
    }
    node.get("/blocks/x");
    let lines = node.stop().stderr;
    assert_eq!(lines.iter().filter(|line| line.contains(": it sent ")).count(), 3, "{lines:#?}");
}

#[test]
fn request_lines_are_rate_limited() {
    let node = logging().start();
    let begun = Instant::now();
    for _ in 0..30 {
        let mut raw = Raw::open(&node);
        raw.send("GET /nodes HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50));
        (0..50).for_each(|_| assert_eq!(raw.answer().unwrap().status, 200));
    }
    let most = 100 + usize::try_from(begun.elapsed().as_millis() / 100).unwrap() + 1;
    let lines: Vec<String> =
        node.stop().stderr.into_iter().filter(|line| line.contains("GET /nodes")).collect();
    assert!((100..=most).contains(&lines.len()), "{} of {most}", lines.len());
}

#[test]
fn requests_are_logged_without_a_terminal_only_on_demand() {
    for launch in [Launch::usual(), Launch::usual().variable("LEDGER_REQUEST_LOG", "off")] {
        let node = launch.start();
        node.get("/chain");
        let ended = node.stop();
        assert!(!ended.stderr.iter().any(|line| line.contains("GET /chain")), "{:#?}", ended.stderr);
    }
    let node = Launch::usual().file("config/node.toml", "requestLog = \"on\"\n").start();
    node.get("/chain");
    line(&node, "GET /chain");
}

/// `script` provides the terminal.
#[cfg(target_os = "linux")]
#[test]
fn terminal_shows_requests() {
    let launch = Launch::usual();
    // `exec`, or a shell in between would get the Ctrl-C too.
    let node = format!(
        "exec {} --port 0 --host 127.0.0.1 --in-memory --wallet wallet.pem --difficulty 2",
        env!("CARGO_BIN_EXE_node")
    );
    let mut terminal = Command::new("script");
    terminal.args(["-qfec", &node, "/dev/null"]).current_dir(launch.folder());
    for name in ["RUST_LOG", "LEDGER_REQUEST_LOG"] {
        terminal.env_remove(name);
    }
    terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).env("NO_COLOR", "1");
    let mut terminal = terminal.spawn().expect("script, which Debian always has");
    let mut keyboard = terminal.stdin.take().unwrap();
    let mut screen = BufReader::new(terminal.stdout.take().unwrap()).lines().map_while(Result::ok);
    let listening = screen.find(|line| line.contains("listening on http://")).unwrap();
    let address = listening.trim_end().rsplit_once("http://").unwrap().1.to_owned();
    crate::harness::http::get(&format!("http://{address}/nowhere"));
    let line = screen.find(|line| line.contains("GET /nowhere")).unwrap();
    assert!(
        line.contains("127.0.0.1 GET /nowhere 404 in ") && line.contains("there is nothing here"),
        "{line}"
    );
    keyboard.write_all(b"\x03").unwrap();
    assert!(screen.any(|line| line.contains("stopped")));
    assert!(terminal.wait().unwrap().success());
}

#[test]
fn blocked_log_delays_no_request_and_no_stop() {
    // Log everything, to fill pipe and queue.
    let node = logging().variable("RUST_LOG", "trace").start();
    node.log.pause(true);
    let mut raw = Raw::open(&node);
    for _ in 0..4000 {
        raw.ask("GET", "/nodes");
        assert_eq!(raw.answer().unwrap().status, 200);
    }
    node.mine();
    node.log.pause(false);
    let lost = node.log.find("log lines dropped").unwrap();
    assert!(lost.split(' ').next().unwrap().parse::<u64>().unwrap() > 0, "{lost}");
    node.log.pause(true);
    (0..2000).for_each(|_| assert_eq!(node.get("/nodes").status, 200));
    node.signal("TERM");
    node.log.pause(false);
    assert_eq!(node.ended().code, Some(0));
}

#[test]
fn invalid_setting_is_refused() {
    let launch = Launch::usual().flag("request-log", "loud");
    assert!(launch.end().stderr.join("\n").contains("the request log must be auto, on or off, not \"loud\""));
    let launch = Launch::usual().variable("LEDGER_REQUEST_LOG", "yes");
    assert_one_line(&launch.end(), &["LEDGER_REQUEST_LOG", "must be auto, on or off, not \"yes\""]);
    let launch = Launch::usual().file("config/node.toml", "requestLog = \"all\"\n");
    assert_one_line(&launch.end(), &["config/node.toml", "line 1", "must be auto, on or off, not \"all\""]);
}
