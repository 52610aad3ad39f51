//! Costly clients: each has a bound, and others are still served.

use std::time::{Duration, Instant};

use ledger_core::{Members, Transaction};

use crate::harness::http::Answer;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{chain, next};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::raw::Raw;
use crate::harness::{assert_takes_less_than, eventually};

/// The longest wait of an honest client, in a debug build.
const PROMPT: Duration = Duration::from_secs(4);

/// A node whose last two blocks have this many bytes each.
fn node_with_blocks_of(bytes: usize) -> Node {
    let node = Node::start();
    let mut chain: Vec<Members<'static>> = chain(1);
    for letter in ["a", "b"] {
        let reward = Transaction::reward(letter.repeat(bytes), 1_u64);
        chain.push(next(chain.last().unwrap(), vec![reward]));
    }
    let peer = Peer::with_chain(&chain);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    node
}

/// Clients that never read, from several addresses, as one address may fill only a part of a queue.
fn unread(node: &Node, clients: usize, path: &str) -> Vec<Raw> {
    let hosts = (2..10).cycle();
    let mut asking: Vec<Raw> = hosts.take(clients).map(|host| Raw::open_from(node, host)).collect();
    asking.iter_mut().for_each(|raw| raw.ask("GET", path));
    asking
}

/// Checks that honest clients are served and peak memory stays below the limit. Returns how long they waited.
fn assert_healthy(node: &Node, mebibytes: u64) -> Duration {
    let began = Instant::now();
    assert_eq!(node.get("/chain?limit=1").status, 200);
    assert_eq!(node.submit(&pay("bob", "5")).status, 201);
    let waited = began.elapsed();
    let memory = node.peak_memory().unwrap_or_default() >> 10;
    eprintln!("peak memory {memory} MiB, honest clients waited {waited:?}");
    assert!(memory < mebibytes, "{memory} MiB");
    waited
}

/// Sends a request, and repeats it while the node is busy.
fn get_patiently(node: &Node, path: &str) -> Answer {
    let mut answer = node.get(path);
    eventually("the node is not busy", || {
        let is_busy = answer.status == 503;
        if is_busy {
            answer = node.get(path);
        }
        !is_busy
    });
    answer
}

#[test]
fn unread_blocks_take_bounded_memory() {
    assert_takes_less_than(PROMPT, || {
        let node = node_with_blocks_of(8 << 20);
        let before = node.peak_memory().unwrap_or_default() >> 10;
        let lazy =
            (unread(&node, 30, "/blocks/2"), unread(&node, 30, "/blocks/3"), unread(&node, 20, "/chain"));
        let began = Instant::now();
        let block = get_patiently(&node, "/blocks/3");
        let waited = began.elapsed() / 2;
        assert!(
            block.status == 200 && block.text.len() > 8 << 20 && block.text.ends_with("\"sender\": \"0\"}]}")
        );
        assert_eq!(node.chain().len(), 3);
        let waited = waited.max(assert_healthy(&node, before + 96));
        drop(lazy);
        waited
    });
}

#[test]
fn unread_chains_do_not_block_the_chain() {
    assert_takes_less_than(PROMPT, || {
        let node = node_with_blocks_of(12 << 20);
        let lazy = unread(&node, 40, "/chain");
        let mut waited = Duration::ZERO;
        for _ in 0..3 {
            let began = Instant::now();
            assert_eq!(get_patiently(&node, "/chain?limit=1").status, 200);
            waited = waited.max(2 * began.elapsed());
        }
        let began = Instant::now();
        assert_eq!(node.chain().len(), 3);
        drop(lazy);
        waited.max(began.elapsed() / 2)
    });
}

#[test]
fn slow_readers_outlast_stalled_ones() {
    // On a busy machine a slow reader may be late once and look stalled.
    assert!((0..5).any(|_| slow_reader_got_its_block()), "cut off each time");
}

fn slow_reader_got_its_block() -> bool {
    let node = node_with_blocks_of(12 << 20);
    let mut slow = Raw::open(&node);
    slow.ask("GET", "/blocks/2");
    assert_eq!(slow.head().map(|head| head.status), Some(200));
    let mut lazy = unread(&node, 31, "/blocks/3");
    // 800 kB/s, for less than the time after which a client must make room.
    for turn in 0..80 {
        std::thread::sleep(Duration::from_millis(50));
        if slow.exactly(40_000).is_none() {
            eprintln!("cut off in turn {turn}");
            return false;
        }
        if turn % 4 == 0 {
            lazy.extend(unread(&node, 1, "/blocks/3"));
        }
    }
    true
}

#[test]
fn pipelined_requests_are_not_read_far_ahead() {
    assert_takes_less_than(PROMPT, || {
        let node = node_with_blocks_of(1 << 20);
        let before = node.peak_memory().unwrap_or_default() >> 10;
        let mut lazy: Vec<Raw> = (0..40).map(|_| Raw::open_impatient(&node)).collect();
        for (number, raw) in lazy.iter_mut().enumerate() {
            let request = ["GET /blocks/2 HTTP/1.1\r\n\r\n", "OPTIONS /chain HTTP/1.1\r\n\r\n"][number % 2];
            let requests = request.repeat(1 << 12);
            while raw.send(&requests) {}
        }
        assert_healthy(&node, before + 64)
    });
}

#[test]
fn unfinished_requests_take_bounded_memory() {
    assert_takes_less_than(PROMPT, || {
        let node = Node::start();
        let before = node.peak_memory().unwrap_or_default() >> 10;
        let body = format!(
            "POST /transactions/new HTTP/1.1\r\nHost: node\r\nContent-Length: 262144\r\n\r\n{}",
            " ".repeat(250_000)
        );
        let head = format!("GET /addresses/{} HTTP/1.1\r\nX: {}", "x".repeat(50_000), "y".repeat(50_000));
        let chunked = format!(
            "POST /transactions/new HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            "1\r\n \r\n".repeat(100_000)
        );
        let mut open: Vec<Raw> = (0..450).map(|_| Raw::open_impatient(&node)).collect();
        for (number, raw) in open.iter_mut().enumerate() {
            raw.send([&body, &head, &chunked][number % 3]);
        }
        assert_healthy(&node, before + 160)
    });
}

#[test]
fn one_client_cannot_take_all_connections() {
    assert_takes_less_than(PROMPT, || {
        let node = Node::start();
        let mut idle: Vec<Raw> = Vec::new();
        for number in 0..700 {
            let mut raw = Raw::open(&node);
            raw.send(&b"GET /chain HTTP/1.1\r\nHost: node\r\n"[..number % 30]);
            idle.push(raw);
        }
        let waited = assert_healthy(&node, 96);
        assert!(node.descriptors().is_none_or(|open| open < 600), "{:?} descriptors", node.descriptors());
        waited
    });
}

#[test]
fn node_serves_with_few_descriptors() {
    assert_takes_less_than(PROMPT, || {
        let mut waited = Duration::ZERO;
        let node = Launch::usual().open_files(128).start();
        for _ in 0..3 {
            let mut idle: Vec<Raw> = (0..200).map(|_| Raw::open(&node)).collect();
            for raw in &mut idle {
                raw.send("GET /chain HTTP/1.1\r\nHost: node\r\n");
            }
            // Any connection may be the one closed to make room.
            eventually("all but the 8 of one address are cut off", || {
                idle.iter().filter(|raw| raw.is_cut()).count() >= 192
            });
            waited = waited.max(assert_healthy(&node, 96));
            assert_eq!(node.mine()["message"], "New Block Created");
        }
        assert!(node.descriptors().is_none_or(|open| open < 128), "{:?} descriptors", node.descriptors());
        waited
    });
}

#[test]
fn unread_pools_take_bounded_memory() {
    assert_takes_less_than(PROMPT, || {
        let node = Node::start();
        for letter in 'a'..='z' {
            node.accept(&pay(&letter.to_string().repeat(200_000), "5"));
        }
        let before = node.peak_memory().unwrap_or_default() >> 10;
        let mut lazy = Vec::new();
        for amount in 1..=30 {
            lazy.extend(unread(&node, 1, "/transactions"));
            node.accept(&pay("bob", &amount.to_string()));
        }
        let began = Instant::now();
        assert_eq!(node.pool().len(), 56);
        let waited = began.elapsed() / 2;
        waited.max(assert_healthy(&node, before + 64))
    });
}
