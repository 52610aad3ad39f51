//! The live feed: what it says, and how it resumes.

use std::io::Write;
use std::sync::{Arc, Barrier};

use serde_json::json;

use super::reader::Feed;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::{Peer, head};

/// The hash of the last block.
fn tip(node: &Node) -> String {
    node.get("/blocks/latest").header("etag").unwrap().trim_matches('"').to_owned()
}

#[test]
fn feed_begins_with_the_state() {
    let node = Node::start();
    let (feed, ready) = Feed::ready(&node);
    assert_eq!((feed.head.status, feed.head.header("content-type")), (200, Some("text/event-stream")));
    assert_eq!(feed.head.header("cache-control"), Some("no-store"));
    let pool = json!({ "bytes": 0, "count": 0 });
    assert_eq!(ready.data, json!({ "hash": tip(&node), "height": 1, "neighbours": 0, "pool": pool }));
    assert!(ready.id.is_some());
}

#[test]
fn blocks_payments_and_peers_are_events() {
    let node = Node::start();
    let (mut feed, _) = Feed::ready(&node);
    node.accept(&pay("bob", "5"));
    assert_eq!(feed.next("payment").data["pool"]["count"], 1);
    node.mine();
    let block = feed.next("block").data;
    let figures = [&block["count"], &block["height"], &block["payments"], &block["pool"]["count"]];
    assert_eq!(figures, [&json!(1), &json!(2), &json!(2), &json!(0)]);
    assert_eq!((&block["hash"], &block["origin"]), (&json!(tip(&node)), &json!("mined")));
    node.register(&["localhost:5001"]);
    assert_eq!(feed.next("peers").data["neighbours"], 1);
    assert_eq!(crate::harness::http::request("DELETE", &node.url("/nodes/localhost:5001")).status, 200);
    assert_eq!(feed.next("peers").data["neighbours"], 0);
}

#[test]
fn reorg_names_both_tips() {
    let (node, longer) = (Node::start(), Node::start());
    node.mine();
    (0..2).for_each(|_| drop(longer.mine()));
    let before = tip(&node);
    let (mut feed, _) = Feed::ready(&node);
    node.register(&[&longer.address.to_string()]);
    assert!(node.resolve());
    let reorg = feed.next("reorg").data;
    assert_eq!(reorg["from"], json!({ "hash": before, "height": 2 }));
    assert_eq!((&reorg["hash"], &reorg["height"]), (&json!(tip(&longer)), &json!(3)));
    assert_eq!([&reorg["depth"], &reorg["connected"], &reorg["fork"]], [&json!(2), &json!(3), &json!(0)]);
}

#[test]
fn mining_shows_its_progress_and_its_end() {
    let node = Launch::usual().flag("difficulty", "64").start();
    let mut feed = Feed::open(&node, "/events", &[]);
    assert_eq!(feed.next("mining").data, json!({ "mining": false }));
    std::thread::scope(|scope| {
        scope.spawn(|| node.get("/mine"));
        let mining = loop {
            let event = feed.next("mining");
            if event.data["tries"].as_u64().is_some_and(|tries| tries > 0) {
                break event;
            }
        };
        assert_eq!((&mining.data["difficulty"], mining.id), (&json!(64), None));
        node.signal("TERM");
    });
}

#[test]
fn sync_shows_its_progress_and_its_end() {
    let body = answer(&texts(&chain(6)));
    let seen = Arc::new(Barrier::new(2));
    let until_seen = Arc::clone(&seen);
    let peer = Peer::with_handler(move |stream| {
        // All but the last block, then the rest.
        let (most, rest) = body.split_at(body.rfind("{\"index\"").unwrap());
        stream.write_all(format!("{}{most}", head(body.len())).as_bytes()).unwrap();
        until_seen.wait();
        stream.write_all(rest.as_bytes()).unwrap();
    });
    let node = Node::start();
    let (mut feed, _) = Feed::ready(&node);
    node.register(&[&peer.address()]);
    std::thread::scope(|scope| {
        scope.spawn(|| assert!(node.resolve()));
        let sync = feed.next("sync").data;
        assert_eq!((&sync["syncing"], &sync["height"]), (&json!(true), &json!(5)));
        seen.wait();
        assert_eq!(feed.next("reorg").data["height"], 6);
        while feed.next("sync").data != json!({ "syncing": false }) {}
    });
}

#[test]
fn dropped_connection_resumes_by_header_and_by_query() {
    let node = Node::start();
    let (feed, ready) = Feed::ready(&node);
    let id = ready.id.unwrap();
    drop(feed);
    (0..3).for_each(|_| drop(node.mine()));
    let header = format!("Last-Event-ID: {id}");
    for (path, headers) in [("/events".to_owned(), &[&*header][..]), (format!("/events?after={id}"), &[])] {
        let mut feed = Feed::open(&node, &path, headers);
        let heights = [feed.next("block"), feed.next("block"), feed.next("block")]
            .map(|event| event.data["height"].clone());
        assert_eq!(heights, [2, 3, 4].map(|height| json!(height)));
    }
    // A browser that reconnects repeats the query of its first connection: its header is newer.
    let last = Feed::ready(&node).1.id.unwrap();
    let mut feed = Feed::open(&node, &format!("/events?after={id}"), &[&format!("Last-Event-ID: {last}")]);
    node.mine();
    assert_eq!(feed.next("block").data["height"], 5);
}

#[test]
fn unknown_id_means_a_reset() {
    let node = Node::start();
    for id in ["1-1", "", "x", "18446744073709551616-1", "%00", "a%0Ab"] {
        let mut feed = Feed::open(&node, &format!("/events?after={id}"), &[]);
        let first = feed.any().unwrap();
        assert_eq!((&*first.name, &first.data), ("reset", &json!({})), "{id}");
        // A feed can resume from the id of a reset.
        let mut feed = Feed::open(&node, &format!("/events?after={}", first.id.unwrap()), &[]);
        assert_eq!(feed.any().unwrap().name, "mining", "{id}");
    }
    let answer = node.get("/events?after=%zz");
    assert_eq!(answer.status, 400, "{}", answer.text);
}
