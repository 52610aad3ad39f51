//! Blocks of 31 MiB from sixteen peers at once are parsed one at a time, in bounded memory.

use std::io::Write;
use std::sync::Arc;

use ledger_core::{Members, Transaction, canonical};

use crate::harness::durable::serve;
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, at_difficulty, genesis, next_by, texts};
use crate::harness::node::Node;
use crate::harness::peer::{Peer, head, until_left};
use crate::harness::raw::Raw;

/// Just below the limit of a block.
const LARGE: usize = 31 << 20;

/// Limit of the node's peak memory, in KiB.
const BOUND: u64 = 256 << 10;

fn launch() -> Launch {
    Launch::usual().flag("difficulty", "0")
}

/// A genesis and a block with these payments, at difficulty 0.
fn with_payments(payments: &str) -> String {
    let second = canonical::text(&next_by(at_difficulty(0), &genesis(), Vec::new()));
    let second = second.replace("\"transactions\": []", &format!("\"transactions\": [{payments}]"));
    answer(&[canonical::text(&genesis()), second])
}

/// Repeats a payment up to [`LARGE`] bytes.
fn tiny_payments(payment: &str) -> String {
    vec![payment; LARGE / (payment.len() + 2)].join(", ")
}

fn assert_little_memory(node: &Node) {
    let Some(peak) = node.peak_memory() else { return };
    eprintln!("peak memory {peak} KiB");
    assert!(peak < BOUND, "peak memory {peak} KiB");
}

#[test]
fn sixteen_large_blocks_take_little_memory() {
    let timestamp = canonical::text(&genesis()).replace("1506057125.900785", &"1".repeat(LARGE));
    let bodies = [
        answer(&[timestamp]),
        with_payments(&format!(
            "{{\"amount\": 1, \"recipient\": \"{}\", \"sender\": \"0\"}}",
            "r".repeat(LARGE)
        )),
        with_payments(&tiny_payments(r#"{"amount": 1, "recipient": "a", "sender": "b"}"#)),
        with_payments(&tiny_payments(r#"{"sender":"b", "recipient":"a", "amount":[[[1, 2]]]}"#)),
        format!("{{\"chain\": [{{\"index\": 1, \"junk\": [{}0]}}]}}", "[],".repeat(LARGE / 3)),
    ];
    let bodies = bodies.map(|body| Arc::new(body.into_bytes()));
    // Kinds 2 and 3 only once: a debug build takes seconds to parse many payments.
    let kinds = [0, 1, 4, 0, 1, 4, 0, 1, 2, 0, 1, 4, 3, 0, 1, 0];
    let peers = kinds.map(|kind| serve(Arc::clone(&bodies[kind]), bodies[kind].len()));
    let node = launch().start();
    node.register(&peers.each_ref().map(String::as_str));
    let answer = node.get("/nodes/resolve");
    assert_eq!(answer.status, 200);
    assert!(answer.text.starts_with("{\"message\": \"Our chain was replaced\""));
    assert_little_memory(&node);
    eventually("the memory is freed", || node.memory().is_none_or(|memory| memory < BOUND / 2));
}

fn large_chain() -> Vec<Members<'static>> {
    let payment = Transaction::reward("r".repeat(4 << 20), 1_u64);
    vec![genesis(), next_by(at_difficulty(0), &genesis(), vec![payment])]
}

#[test]
fn unfinished_large_blocks_do_not_block_others() {
    let longer = large_chain();
    let half = answer(&texts(&longer)).as_bytes()[..3 << 20].to_vec();
    let stuck: Vec<Peer> = (0..8)
        .map(|_| {
            let half = half.clone();
            Peer::with_handler(move |stream| {
                let _ = stream.write_all(head(LARGE).as_bytes());
                let _ = stream.write_all(&half);
                until_left(stream);
            })
        })
        .collect();
    let good = Peer::with_chain(&longer);
    let node = launch().flag("peer-timeout", "60").start();
    let addresses: Vec<String> = stuck.iter().chain([&good]).map(Peer::address).collect();
    node.register(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    eventually("the whole large block is adopted", || node.chain() == longer);
    assert!(node.peak_memory().is_none_or(|peak| peak < BOUND / 2), "{:?} KiB", node.peak_memory());
}

/// U+007F takes one byte on the wire and six in the hashed text. Unsorted members need an index until they are sorted.
#[test]
fn large_values_take_little_memory() {
    let escaped = "\u{7f}".repeat(LARGE - 200);
    let payment = |amount: &str, recipient: &str| {
        format!("{{\"amount\": {amount}, \"recipient\": {recipient}, \"sender\": \"a\"}}")
    };
    let unsorted = format!("[{}0]", "{\"b\": 1, \"a\": 1}, ".repeat(LARGE / 18 - 20));
    for (payment, adopted) in [
        (payment("1", &format!("\"{escaped}\"")), false),
        (payment("1", &format!("[\"{escaped}\"]")), false),
        (payment(&unsorted, "\"b\""), true),
    ] {
        let node = launch().start();
        let peer = Peer::with_body(with_payments(&payment));
        node.register(&[&peer.address()]);
        let answer = node.get("/nodes/resolve").text;
        assert_eq!(
            answer.starts_with("{\"message\": \"Our chain was replaced\""),
            adopted,
            "{}",
            &payment[..80]
        );
        if !adopted {
            let said = node.log.find("skipping peer").unwrap();
            assert!(said.contains("canonical text"), "{said}");
        }
        assert_little_memory(&node);
    }
}
