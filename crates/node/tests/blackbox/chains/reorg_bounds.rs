//! Bounds of a reorg: its memory, and the delay of honest payments.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ledger_core::{Members, Transaction};

use crate::harness::assert_takes_less_than;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{grown, next};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;

/// Forged payments in a chain. Replacing them used to take 238 bytes each and block the writer.
const FORGED: usize = 200_000;

/// Forged payments per block.
const PER_BLOCK: usize = 20_000;

/// Memory limit of a reorg, in KiB: about a quarter of what remembering each payment took.
const MEMORY: u64 = 12 << 10;

/// The longest an honest payment may take, on a machine that runs all tests at once.
const PATIENCE: Duration = Duration::from_secs(2);

/// A chain on the node's genesis with [`FORGED`] unsigned payments.
fn forged(node: &Node) -> Vec<Members<'static>> {
    let forge = |number: usize| Transaction {
        amount: 1_u64.into(),
        recipient: format!("r{number}").into(),
        sender: "nobody".into(),
    };
    let mut chain = vec![node.chain().remove(0)];
    for begin in (0..FORGED).step_by(PER_BLOCK) {
        let block = next(chain.last().unwrap(), (begin..begin + PER_BLOCK).map(forge).collect());
        chain.push(block);
    }
    chain
}

fn adopt(node: &Node, chain: &[Members]) {
    let peer = Peer::with_chain(chain);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
}

/// Pays all the time while `action` runs. Returns the slowest payment's time, and all payments.
fn while_paying(node: &Node, action: impl FnOnce()) -> (Duration, Vec<Transaction<'static>>) {
    let over = AtomicBool::new(false);
    thread::scope(|threads| {
        let paying = threads.spawn(|| {
            let (mut slowest, mut paid) = (Duration::ZERO, Vec::new());
            while !over.load(Ordering::Relaxed) {
                let payment = pay(&format!("honest {}", paid.len()), "1");
                let begun = Instant::now();
                paid.push(node.accept(&payment));
                slowest = slowest.max(begun.elapsed());
            }
            (slowest, paid)
        });
        action();
        over.store(true, Ordering::Relaxed);
        paying.join().unwrap()
    })
}

#[test]
fn replacing_many_forged_payments_is_cheap() {
    assert_takes_less_than(PATIENCE, slowest_beside_forged_payments);
}

/// Replaces many forged payments. Returns the time of the slowest payment meanwhile.
fn slowest_beside_forged_payments() -> Duration {
    let node = Node::start();
    let forged = forged(&node);
    let honest = grown(vec![forged[0].clone()], forged.len());
    let (slowest_in, mut paid) = while_paying(&node, || adopt(&node, &forged));
    let memory = node.reset_peak_memory().then(|| node.memory()).flatten();
    let (slowest_out, more) = while_paying(&node, || adopt(&node, &honest));
    if let (Some(before), Some(peak)) = (memory, node.peak_memory()) {
        assert!(peak < before + MEMORY, "the reorg took {} KiB", peak - before);
    }
    paid.extend(more);
    assert_eq!(node.pool(), paid);
    eprintln!("a payment took {slowest_in:?}, then {slowest_out:?}");
    slowest_in.max(slowest_out)
}

#[test]
fn orphans_return_in_order_up_to_the_pool_limit() {
    let node = Launch::usual().flag("pool-limit", "64 KiB").start();
    let genesis = node.chain().remove(0);
    let mut paid = Vec::new();
    for block in 0..3 {
        paid.extend((0..50).map(|number| node.accept(&pay(&format!("{block}/{number}"), "1"))));
        node.mine();
    }
    let waits = node.accept(&pay("waits", "1"));
    adopt(&node, &grown(vec![genesis], 5));
    let pool = node.pool();
    let (last, returned) = pool.split_last().unwrap();
    assert_eq!((last, returned), (&waits, &paid[..returned.len()]));
    let bytes: usize = pool.iter().map(ledger_core::canonical::transaction_length).sum();
    assert!((64 << 10) - bytes < 1000, "{bytes} bytes wait");
    let dropped = paid.len() - returned.len();
    node.log.find(&format!("dropped {dropped} orphaned payments: pool full")).unwrap();
}
