//! Syncing fetches only what may be new, and searches backwards for a fork.

use std::io::Write;
use std::sync::{Arc, Mutex};

use ledger_core::{Members, Transaction};

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, genesis, next, texts};
use crate::harness::node::Node;
use crate::harness::peer::{Peer, head};

/// Starts a node with this chain.
fn node_with(chain: &[Members]) -> Node {
    let node = Launch::usual().start();
    let peer = Peer::with_chain(chain);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    node
}

/// Extends the chain with other blocks than the harness does.
fn forked(mut chain: Vec<Members<'static>>, more: usize) -> Vec<Members<'static>> {
    for _ in 0..more {
        let block = next(chain.last().unwrap(), vec![Transaction::reward("other", 1_u64)]);
        chain.push(block);
    }
    chain
}

/// A peer that honours `from`, and records it.
fn knowing(chain: Vec<Members<'static>>) -> (Peer, Arc<Mutex<Vec<usize>>>) {
    let asked = Arc::<Mutex<Vec<usize>>>::default();
    let notes = Arc::clone(&asked);
    let peer = Peer::with_request_handler(move |stream, request| {
        let from =
            request.split("from=").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or(1);
        notes.lock().unwrap().push(from);
        let body = answer(&texts(chain.get(from - 1..).unwrap_or_default()));
        drop(stream.write_all(format!("{}{body}", head(body.len())).as_bytes()));
    });
    (peer, asked)
}

#[test]
fn extension_is_fetched_from_our_last_block() {
    let longer = chain(30);
    let node = node_with(&longer[..20]);
    let (peer, asked) = knowing(longer.clone());
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), longer);
    assert_eq!(*asked.lock().unwrap(), [20]);
}

#[test]
fn fork_point_is_searched_backwards() {
    let ours = chain(30);
    let theirs = forked(ours[..20].to_vec(), 12);
    assert_ne!(ours[20], theirs[20]);
    let node = node_with(&ours);
    let (peer, asked) = knowing(theirs.clone());
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), theirs);
    assert_eq!(*asked.lock().unwrap(), [30, 14]);
}

#[test]
fn search_steps_grow_sixteenfold() {
    let ours = chain(300);
    let theirs = forked(ours[..20].to_vec(), 281);
    let node = node_with(&ours);
    let (peer, asked) = knowing(theirs.clone());
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), theirs);
    assert_eq!(*asked.lock().unwrap(), [300, 284, 44, 1]);
}

#[test]
fn chain_with_another_genesis_is_fetched_whole() {
    let node = node_with(&chain(20));
    let theirs = forked(vec![Members { proof: 100, ..genesis() }], 25);
    let (peer, asked) = knowing(theirs.clone());
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), theirs);
    assert_eq!(*asked.lock().unwrap(), [20, 4, 1]);
}

#[test]
fn shorter_chain_is_not_fetched() {
    let ours = chain(10);
    let node = node_with(&ours);
    let (peer, asked) = knowing(ours[..5].to_vec());
    node.register(&[&peer.address()]);
    assert!(!node.resolve());
    assert_eq!((node.chain(), asked.lock().unwrap().as_slice()), (ours, [10].as_slice()));
}

#[test]
fn segment_that_does_not_extend_ours_is_refused() {
    let longer = chain(30);
    let node = node_with(&longer[..20]);
    let mut forged = longer;
    forged[25].proof += 1;
    let (peer, _) = knowing(forged);
    node.register(&[&peer.address()]);
    assert!(!node.resolve());
    assert!(node.log.find("block 26: proof").unwrap().contains("skipping peer"));
}
