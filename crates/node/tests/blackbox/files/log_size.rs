//! The write-ahead log stays short, however slowly clients read the chain.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ledger_core::{Members, Transaction};

use crate::harness::durable::open;
use crate::harness::made::chains::{chain, next};
use crate::harness::made::payments::{Payment, pay};
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::raw::Raw;

/// Limit of the log: 64 MiB, and as much again for what is written until readers have left. Even a small commit writes whole
/// pages of 64 KiB.
const LOG: u64 = 128 << 20;

/// Payments that grow the log to twice [`LOG`] if it never restarts.
const PAYMENTS: usize = 2400;

const PAYERS: usize = 4;

/// A node with a chain of 24 MiB.
fn node_with_long_chain() -> Node {
    let node = Node::start();
    adopt(&node, 24);
    node
}

/// Makes a node adopt a chain of blocks with 1 MiB each.
fn adopt(node: &Node, blocks: usize) {
    let mut chain: Vec<Members<'static>> = chain(1);
    for _ in 0..blocks {
        let reward = Transaction::reward("a".repeat(1 << 20), 1_u64);
        chain.push(next(chain.last().unwrap(), vec![reward]));
    }
    let peer = Peer::with_chain(&chain);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
}

fn log_bytes(node: &Node) -> u64 {
    let log = node.launch.folder().join("data/ledger.db-wal");
    std::fs::metadata(log).map_or(0, |log| log.len())
}

/// Posts all payments. Returns the largest size of the log.
fn post(node: &Node, payments: &[Payment]) -> u64 {
    thread::scope(|threads| {
        let payers: Vec<_> = payments
            .chunks(payments.len() / PAYERS)
            .map(|payments| {
                threads.spawn(|| {
                    payments
                        .iter()
                        .map(|payment| {
                            node.accept(payment);
                            log_bytes(node)
                        })
                        .max()
                })
            })
            .collect();
        payers.into_iter().filter_map(|payer| payer.join().unwrap()).max().unwrap()
    })
}

#[test]
fn readers_do_not_keep_the_log_growing() {
    let node = node_with_long_chain();
    let payments: Vec<Payment> = (1..=PAYMENTS).map(|amount| pay("bob", &amount.to_string())).collect();
    let mut lazy: Vec<Raw> = (0..20).map(|_| Raw::open(&node)).collect();
    lazy.iter_mut().for_each(|raw| raw.ask("GET", "/chain"));
    let done = AtomicBool::new(false);
    let most = thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    node.get("/chain");
                }
            });
        }
        let most = post(&node, &payments);
        done.store(true, Ordering::Relaxed);
        most
    });
    eprintln!("largest log: {} MiB", most >> 20);
    assert!(most <= LOG, "{most} bytes");
}

#[cfg(target_os = "linux")]
#[test]
fn program_that_keeps_the_log_growing_is_named() {
    let node = Node::start();
    let reader = open(&node.launch);
    reader.execute_batch("BEGIN; SELECT count(*) FROM blocks").unwrap();
    adopt(&node, 72);
    let line = node.log.find("keeps growing").unwrap();
    let holder =
        format!("process {}) has been reading ledger.db for a long time; close it", std::process::id());
    assert!(line.contains(&holder), "{line}");
}
