//! `GET /status`.

use serde_json::json;

use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

#[test]
fn new_node_reports_its_genesis() {
    let node = Node::start();
    let mut status = node.get("/status").json();
    let (genesis, uptime) = (node.get("/blocks/1"), status["uptime"].take());
    let hash = genesis.header("etag").map(|tag| tag.trim_matches('"').to_owned());
    assert!(uptime.as_u64().unwrap() < 3600, "{uptime}");
    let (wallet, address) = (status["wallet"].take(), status["address"].take());
    assert_eq!(address, crate::harness::made::payments::miner().address().as_str());
    assert!(node.log.find(&format!("wallet {}", wallet.as_str().unwrap())).is_some());
    let expected = json!({
        "address": null,
        "difficulty": 2,
        "height": 1,
        "mining": { "mining": false },
        "name": null,
        "neighbours": 0,
        "network": "tutorial",
        "owner": true,
        "p2p": null,
        "pool": { "bytes": 0, "count": 0, "limit": 16 << 20 },
        "reward": 1,
        "rules": { "description": "difficulty 2", "name": "classic" },
        "sync": null,
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

#[test]
fn status_shows_the_settings_that_people_see() {
    let node = Launch::usual().flag("name", " Zoë's <node> ").flag("mining-reward", "2.50").start();
    let status = node.get("/status");
    assert_eq!(status.json()["name"], "Zoë's <node>");
    // In canonical form, as blocks have it.
    assert!(status.text.contains("\"reward\":2.5,"), "{}", status.text);
}

#[test]
fn status_tells_the_owner_from_others() {
    const CHROME: &str =
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
    let right = "Authorization: Bearer 0123456789abcdef-right";
    let usual = || Launch::usual().variable("LEDGER_OWNER_TOKEN", "0123456789abcdef-right");
    let (local, token) = (usual().start(), usual().flag("owner", "token").start());
    let owner = |node: &Node, headers: &[&str]| {
        let mut raw = Raw::open(node);
        raw.request("GET", "/status", &[&["Host: localhost"], headers].concat(), "");
        raw.answer().unwrap().json()["owner"].as_bool().unwrap()
    };
    assert!(owner(&local, &[]));
    // Over plain HTTP from another machine, a page's read has neither `Origin` nor `Sec-Fetch-Site`.
    assert!(owner(&local, &[CHROME]));
    assert!(!owner(&local, &["Origin: http://evil.example"]));
    assert!(!owner(&local, &["Sec-Fetch-Site: cross-site"]));
    assert!(!owner(&token, &[]) && !owner(&token, &["Authorization: Bearer 0123456789abcdef-wrong"]));
    assert!(owner(&token, &[right]) && owner(&token, &[CHROME, right]));
    assert!(!owner(&token, &[right, "Sec-Fetch-Site: cross-site"]));
}
