//! `GET /status`.

use serde_json::json;

use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

#[test]
fn new_node_reports_its_genesis() {
    let node = Node::start();
    let mut status = node.get("/status").json();
    let (genesis, uptime) = (node.get("/blocks/1"), status["uptime"].take());
    let hash = genesis.header("etag").map(|tag| tag.trim_matches('"').to_owned());
    assert!(uptime.as_u64().unwrap() < 3600, "{uptime}");
    let wallet = status["wallet"].take();
    assert!(node.log.find(&format!("wallet {}", wallet.as_str().unwrap())).is_some());
    let expected = json!({
        "height": 1,
        "mining": { "mining": false },
        "neighbours": 0,
        "pool": { "bytes": 0, "count": 0, "limit": 16 << 20 },
        "rules": { "description": "difficulty 2", "name": "classic" },
        "tip": hash,
        "uptime": null,
        "version": env!("CARGO_PKG_VERSION"),
        "wallet": null,
    });
    assert_eq!(status, expected);
}

#[test]
fn status_follows_blocks_payments_and_neighbours() {
    let node = Launch::usual().flag("pool-limit", "1 MiB").start();
    node.mine();
    let payment = node.accept(&pay("bob", "5"));
    node.register(&["localhost:5001"]);
    let status = node.get("/status").json();
    let bytes = ledger_core::canonical::transaction_text(&payment).len();
    assert_eq!(status["pool"], json!({ "bytes": bytes, "count": 1, "limit": 1 << 20 }));
    assert_eq!((&status["height"], &status["neighbours"]), (&json!(2), &json!(1)));
}

#[test]
fn status_shows_the_running_search() {
    let node = Launch::usual().flag("difficulty", "64").start();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            node.until_mining();
            let mining = node.get("/status").json()["mining"].take();
            assert_eq!((&mining["mining"], &mining["difficulty"]), (&json!(true), &json!(64)));
            node.signal("TERM");
        });
        assert_eq!(node.get("/mine").status, 503);
    });
}
