//! Refused lists of neighbours change nothing.

use serde_json::{Value, json};

use crate::harness::launch::Launch;
use crate::harness::node::Node;

#[test]
fn list_must_hold_texts() {
    let node = Node::start();
    let lists =
        [Value::Null, json!("localhost:7001"), json!(5), json!({}), json!([1]), json!([null]), json!([[]])];
    let bodies = lists.map(|nodes| json!({ "nodes": nodes }).to_string()).into_iter();
    for body in bodies.chain(["{}".to_owned(), r#"{"nodes": ["localhost:7001", 5]}"#.to_owned()]) {
        node.post("/nodes/register", &body).assert_says(400, "Error: Please supply a valid list of nodes");
    }
    assert!(node.nodes().is_empty());
}

#[test]
fn body_must_be_an_object() {
    let node = Node::start();
    let deep = "[".repeat(100_000);
    let deeper = format!("{{\"nodes\": {deep}");
    let twice = r#"{"nodes": [], "nodes": []}"#;
    let unknown = r#"{"nodes": [], "more": 1}"#;
    let lone = r#"{"nodes": ["\ud800"]}"#;
    for body in ["", "[]", "nonsense", "{", r#"["localhost:7001"]"#, &deep, &deeper, twice, unknown, lone] {
        node.post("/nodes/register", body).assert_refusal(&body[..body.len().min(40)]);
    }
    assert_eq!(node.post("/nodes/register", vec![b'['; 1 << 20]).status, 413);
    assert!(node.nodes().is_empty());
}

#[test]
fn invalid_address_refuses_the_whole_list() {
    let node = Node::start();
    let bad = [
        "",
        "localhost",
        "http://localhost",
        "https://localhost:7001",
        "ftp://localhost:7001",
        "localhost:0",
        "localhost:65536",
        "localhost:",
        ":7001",
        "http://localhost:7001/chain",
        "http://user@localhost:7001",
        "http://user:word@localhost:7001",
        "http://localhost:7001?x",
        "http://localhost:7001#x",
        "a b:7001",
        "localhost:+7001",
        "[::1:7001",
        "[zz]:7001",
        "//localhost:7001",
        "localhost:7001\r\nX: y",
        "ho\u{0}st:7001",
        "http://http://localhost:7001",
        "-.:7001:",
        "日本:7001",
    ];
    let long = format!("{}:7001", "x".repeat(50_000));
    for address in bad.into_iter().chain([long.as_str()]) {
        let answer = node.register(&["localhost:7001", address]);
        answer.assert_refusal(&address.chars().take(60).collect::<String>());
        assert!(answer.text.contains("nodes"), "{}", answer.text);
    }
    assert!(node.nodes().is_empty());
}

#[test]
fn node_is_not_its_own_neighbour() {
    let node = Launch::usual().without("host").start();
    let port = node.address.port();
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "0.0.0.0", "[::ffff:127.0.0.1]"] {
        let answer = crate::harness::http::post(
            &format!("http://127.0.0.1:{port}/nodes/register"),
            json!({"nodes": ["localhost:7001", format!("http://{host}:{port}")]}).to_string().as_bytes(),
        );
        answer.assert_refusal(host);
    }
    assert!(crate::harness::http::get(&format!("http://127.0.0.1:{port}/nodes")).json()["length"] == 0);
}

#[test]
fn list_past_a_thousand_neighbours_adds_none() {
    let node = Node::start();
    let names: Vec<String> = (0..1001).map(|n| format!("host-{n}.example:7001")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let refused = node.register(&names);
    let many = |sum| format!("too many neighbours: at most 1000, and these would make {sum}");
    refused.assert_says(409, &many(1001));
    assert!(node.nodes().is_empty());
    assert_eq!(node.register(&names[..1000]).status, 201);
    let more = ["one-more.example:7001", names[0], "two-more.example:7001"];
    node.register(&more).assert_says(409, &many(1002));
    assert_eq!(node.register(&names[..1]).status, 201, "known neighbours do not count again");
    assert_eq!(node.nodes().len(), 1000);
}

#[test]
fn unusable_addresses_are_refused() {
    let node = Node::start();
    for host in [
        "169.254.169.254",
        "169.254.0.1",
        "224.0.0.1",
        "239.1.2.3",
        "255.255.255.255",
        "240.0.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "[::]",
        "[fe80::1]",
        "[ff02::1]",
        "[::ffff:169.254.169.254]",
        "[::169.254.169.254]",
        "[64:ff9b::169.254.169.254]",
        "[2002:a9fe:a9fe::]",
        // The system resolves these names to 169.254.169.254.
        "2852039166",
        "0xa9fea9fe",
        "0xA9.0xFE.0xA9.0xFE",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.16689662",
    ] {
        let answer = node.register(&["localhost:7001", &format!("http://{host}:7001")]);
        assert_eq!(answer.status, 400, "{host}: {}", answer.text);
        answer.assert_refusal(host);
        assert!(answer.text.contains("no node can be at"), "{host}: {}", answer.text);
    }
    assert!(node.nodes().is_empty());
}

#[test]
fn private_networks_can_be_registered() {
    let node = Node::start();
    for host in [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.7",
        "[::1]",
        "[fd00::1]",
        "no-such.invalid",
    ] {
        let answer = node.register(&[&format!("{host}:7001")]);
        assert_eq!(answer.status, 201, "{host}: {}", answer.text);
    }
}

#[test]
fn stored_unusable_neighbour_is_not_queried() {
    let launch = Launch::usual();
    launch.start().stop();
    let store = rusqlite::Connection::open(launch.folder().join("data/ledger.db")).unwrap();
    for address in ["169.254.169.254:7001", "2852039166:7001", "[::ffff:169.254.169.254]:7001"] {
        store.execute("INSERT INTO peers (address) VALUES (?1)", [address]).unwrap();
    }
    store.execute("DELETE FROM seals", []).unwrap();
    drop(store);
    let node = launch.start();
    assert_eq!(node.nodes().len(), 3);
    assert!(!node.resolve());
    let skipped = |line: &&String| line.contains("skipping") && line.contains("link-local");
    let log = node.stop().stderr;
    assert_eq!(log.iter().filter(skipped).count(), 3, "{log:#?}");
}
