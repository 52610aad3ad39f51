//! Clients of all kinds: HTTP/1.0, proxies, double slashes.

use std::io::Write;
use std::process::{Command, Stdio};

use ledger_core::{Members, Transaction};

use crate::harness::http::Answer;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{genesis, next};
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::raw::Raw;

/// A chain of several pages. Its last block has several pages, too.
fn long_chain() -> Vec<Members<'static>> {
    let pay = |number: u64, length: usize| Transaction::reward("r".repeat(length), number);
    let first = next(&genesis(), vec![pay(1, 300_000), pay(2, 300_000)]);
    let second = next(&first, vec![pay(3, 400_000)]);
    vec![genesis(), first, second]
}

/// A node with a long chain, and a neighbour with the same one.
fn with_long_chain() -> (Node, Peer) {
    let peer = Peer::with_chain(&long_chain());
    let node = Node::start();
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    (node, peer)
}

/// Sends a request in HTTP/1.0. An answer without a length must end with the connection.
fn old(node: &Node, request: &str, headers: &str) -> Answer {
    let mut raw = Raw::open(node);
    raw.send(format!("{request} HTTP/1.0\r\n{headers}\r\n"));
    let mut answer = raw.head().unwrap();
    assert_eq!(answer.header("transfer-encoding"), None, "{request}: {answer:?}");
    let length = answer.header("content-length").map(|length| length.parse().unwrap());
    answer.text = match length {
        _ if request.starts_with("HEAD") => String::new(),
        Some(length) => raw.exactly(length).unwrap(),
        None => {
            assert_ne!(answer.header("connection"), Some("keep-alive"), "{request}: {answer:?}");
            raw.rest().unwrap()
        }
    };
    answer
}

#[test]
fn http_1_0_answers_are_never_chunked() {
    let (node, _peer) = with_long_chain();
    let chain = node.get("/chain").text;
    assert!(chain.len() > 1_000_000);
    for headers in ["", "Connection: keep-alive\r\n", "Host: localhost\r\n", "Connection: close\r\n"] {
        assert_eq!(old(&node, "GET /chain", headers).text, chain, "{headers}");
        assert_eq!(old(&node, "GET /chain?from=2", headers).status, 200);
        assert_eq!(old(&node, "GET //chain", headers).text, chain);
        assert_eq!(old(&node, "GET /blocks/3", headers).text, node.get("/blocks/3").text);
        assert_eq!(old(&node, "GET /transactions", headers).text, node.get("/transactions").text);
        assert_eq!(old(&node, "GET /nodes", headers).text, node.get("/nodes").text);
        for path in ["/addresses/bob", "/blocks/latest", "/mine/progress"] {
            assert_eq!(old(&node, &format!("GET {path}"), headers).status, 200, "{path}");
        }
        assert_eq!(old(&node, "GET /nothing", headers).status, 404);
        assert_eq!(old(&node, "DELETE /chain", headers).status, 405);
        assert_eq!(old(&node, "HEAD /chain", headers).status, 200);
    }
    let headers = "Host: localhost\r\nConnection: keep-alive\r\n";
    let resolved = old(&node, "GET /nodes/resolve", headers);
    assert_eq!((resolved.status, resolved.text), (200, node.get("/nodes/resolve").text));
    let posted = format!("{headers}Content-Length: 0\r\n");
    assert_eq!(old(&node, "POST /nodes/resolve", &posted).status, 200);
    assert!(old(&node, "GET /mine", headers).text.contains("New Block Created"));
    assert_eq!(old(&node, "GET /secret", headers).status, 200);
}

#[test]
fn http_1_0_keep_alive_works_for_short_answers() {
    let node = Node::start();
    let mut raw = Raw::open(&node);
    for _ in 0..3 {
        raw.send("GET /nodes HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        let answer = raw.answer().unwrap();
        assert_eq!((answer.header("connection"), answer.status), (Some("keep-alive"), 200));
    }
    raw.send("GET /nodes HTTP/1.0\r\n\r\n");
    assert_eq!(raw.answer().unwrap().status, 200);
    assert_eq!(raw.rest().as_deref(), Some(""));
}

#[test]
fn long_answer_to_a_websocket_request_ends_with_the_connection() {
    let (node, _peer) = with_long_chain();
    let chain = node.get("/chain").text;
    for name in ["websocket", "WebSocket"] {
        let mut raw = Raw::open(&node);
        let upgrade = format!("Upgrade: {name}");
        raw.request("GET", "/chain", &["Host: localhost", "Connection: Upgrade", &upgrade], "");
        let answer = raw.head().unwrap();
        assert_eq!((answer.status, answer.header("transfer-encoding")), (200, None), "{answer:?}");
        assert_eq!(raw.rest().as_deref(), Some(chain.as_str()), "{name}");
    }
}

#[test]
fn absolute_target_is_answered() {
    let (node, _peer) = with_long_chain();
    let host = node.address;
    for (target, host) in [
        (format!("http://{host}/nodes"), format!("Host: {host}")),
        (format!("http://localhost:{}/nodes", host.port()), format!("Host: localhost:{}", host.port())),
        (format!("HTTP://{host}//nodes"), format!("Host: {host}")),
        (format!("http://{host}/mine"), format!("Host: {host}")),
    ] {
        let mut raw = Raw::open(&node);
        raw.request("GET", &target, &[&host], "");
        assert_eq!(raw.answer().unwrap().status, 200, "{target}");
    }
}

#[test]
fn expect_continue_is_answered() {
    let node = Node::start();
    for version in ["HTTP/1.1", "HTTP/1.0"] {
        let mut raw = Raw::open(&node);
        let body = "{\"nodes\": []}";
        let length = body.len();
        raw.send(format!("POST /nodes/register {version}\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"));
        if version == "HTTP/1.1" {
            assert_eq!(raw.head().unwrap().status, 100);
        }
        raw.send(body);
        let answer = raw.answer().unwrap();
        let answer = if answer.status == 100 { raw.answer().unwrap() } else { answer };
        assert_eq!(answer.status, 201, "{version}");
    }
}

#[test]
fn double_slash_is_accepted() {
    let node = Node::start();
    let ask = |method: &str, target: &str, body: &str| {
        let mut raw = Raw::open(&node);
        raw.request(method, target, &["Host: localhost"], body);
        if method == "HEAD" { raw.head().unwrap() } else { raw.answer().unwrap() }
    };
    for path in [
        "/chain",
        "/nodes",
        "/transactions",
        "/blocks/latest",
        "/blocks/1",
        "/addresses/bob",
        "/addresses//a",
    ] {
        let (one, two) = (ask("GET", path, ""), ask("GET", &format!("/{path}"), ""));
        assert_eq!((two.status, two.text), (one.status, one.text), "{path}");
    }
    assert!(ask("GET", "//addresses//a", "").text.contains("\"address\":\"/a\""));
    assert_eq!(ask("GET", "//chain?from=0", "").status, 400);
    assert_eq!(ask("HEAD", "//chain", "").status, 200);
    assert_eq!(ask("POST", "//nodes/register", "{\"nodes\": [\"localhost:7001\"]}").status, 201);
    assert_eq!(ask("DELETE", "//nodes/localhost:7001", "").status, 200);
    assert_eq!(ask("POST", "//transactions/new", "{}").text, "Missing values");
    assert_eq!(ask("GET", "//mine", "").status, 200);
    assert_eq!(ask("GET", "//nodes/resolve", "").status, 200);
    assert_eq!(ask("DELETE", "//chain", "").status, 405);
    for path in [
        "///chain",
        "////chain",
        "/chain/",
        "//chain/",
        "/chain//",
        "/nodes//resolve",
        "//",
        "/.//chain",
        "/%2fchain",
    ] {
        assert_eq!(ask("GET", path, "").status, 404, "{path}");
    }
}

#[test]
fn access_rules_hold_with_a_double_slash() {
    let node = Launch::usual().flag("owner", "token").start();
    let length = node.chain().len();
    let page = "Origin: http://page.example";
    for (method, path) in [
        ("GET", "//mine"),
        ("POST", "//mine"),
        ("GET", "//secret"),
        ("GET", "//nodes/resolve"),
        ("POST", "//nodes/register"),
        ("DELETE", "//nodes/localhost:7001"),
    ] {
        for header in ["X-None: none", page] {
            let mut raw = Raw::open(&node);
            raw.request(method, path, &["Host: localhost", header], "");
            assert_eq!(raw.answer().unwrap().status, 403, "{method} {path} {header}");
        }
    }
    let mut raw = Raw::open(&node);
    raw.request("POST", "//transactions/new", &["Host: localhost", page], "{}");
    assert_eq!(raw.answer().unwrap().status, 403);
    assert_eq!(node.chain().len(), length);
    let token = format!("Authorization: Bearer {}", node.owner_token());
    let mut raw = Raw::open(&node);
    raw.request("GET", "//mine", &["Host: localhost", &token], "");
    assert_eq!(raw.answer().unwrap().status, 200);
}

#[test]
fn curl_is_served_with_any_options() {
    let (node, _peer) = with_long_chain();
    let chain = node.get("/chain").text;
    let url = node.url("//chain");
    for options in [
        &["-0"][..],
        &["--http1.1"],
        &["-0", "-H", "Connection: keep-alive"],
        &["-L"],
        &["--compressed"],
        &["--raw", "-0"],
    ] {
        let asked = Command::new("curl")
            .args(["-q", "-s", "-f", "--noproxy", "*"])
            .args(options)
            .arg(&url)
            .output()
            .unwrap();
        assert!(asked.status.success() && asked.stdout == chain.as_bytes(), "{options:?}");
    }
    let mut large = Command::new("curl")
        .args([
            "-q",
            "-s",
            "--noproxy",
            "*",
            "-H",
            "Expect: 100-continue",
            "-w",
            "%{http_code}",
            "-o",
            "/dev/null",
            "--data-binary",
            "@-",
        ])
        .arg(node.url("/transactions/new"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    large.stdin.take().unwrap().write_all(&vec![b' '; 2 << 20]).unwrap();
    assert_eq!(large.wait_with_output().unwrap().stdout, b"413");
}
