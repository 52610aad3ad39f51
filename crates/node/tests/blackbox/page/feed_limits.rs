//! The live feed: what it may cost, and its end.

use std::time::Instant;

use super::reader::Feed;
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

#[test]
fn head_has_no_body() {
    let node = Node::start();
    let mut raw = Raw::open(&node);
    raw.ask("HEAD", "/events");
    assert_eq!(raw.head().unwrap().header("content-type"), Some("text/event-stream"));
    // The connection is free for the next request.
    raw.ask("GET", "/status");
    assert_eq!(raw.answer().unwrap().status, 200);
}

#[test]
fn address_has_a_bounded_number_of_feeds() {
    // Room for 16 connections: 8 feeds, 2 for each address.
    let node = Launch::usual().open_files(120).start();
    let (first, _) = Feed::ready(&node);
    let (_second, _) = Feed::ready(&node);
    let refused = node.get("/events");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(refused.text, "too many open pages; close one, or retry later");
    assert_eq!(node.get("/status").status, 200);
    drop(first);
    eventually("the slot is free", || Feed::open(&node, "/events", &[]).head.status == 200);
}

#[test]
fn stop_ends_feeds_at_once() {
    let node = Node::start();
    let (mut feed, _) = Feed::ready(&node);
    let asked = Instant::now();
    node.signal("TERM");
    while feed.any().is_some() {}
    assert_eq!(node.ended().code, Some(0));
    // Requests in flight would have 10 seconds.
    assert!(asked.elapsed().as_secs() < 5, "{:?}", asked.elapsed());
}

#[test]
fn many_payments_are_few_events() {
    let node = Node::start();
    let (mut feed, _) = Feed::ready(&node);
    let begun = Instant::now();
    for number in 1..=40 {
        node.accept(&pay("bob", &number.to_string()));
    }
    let mut events = 1;
    while feed.next("payment").data["pool"]["count"] != 40 {
        events += 1;
    }
    let most = begun.elapsed().as_secs() + 2;
    assert!(events <= most, "{events} events in {:?}", begun.elapsed());
}
