//! Concurrent miners, payers, readers and resolves.

use std::collections::BTreeSet;
use std::thread;

use ledger_core::Transaction;

use crate::harness::durable::{error, run};
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{assert_valid, chain};
use crate::harness::made::payments::{Payment, pay};
use crate::harness::node::{Node, sorted};
use crate::harness::peer::Peer;
use crate::harness::raw::Raw;

/// Concurrent miners.
const MINERS: usize = 24;

/// Distinct payments.
fn payments(payer: usize, count: usize) -> Vec<Payment> {
    (0..count).map(|number| pay(&format!("recipient {payer}/{number}"), "1")).collect()
}

/// Pays from several threads. Returns the acknowledged payments.
fn pay_at_once(node: &Node, payers: usize, each: usize) -> Vec<Transaction<'static>> {
    thread::scope(|scope| {
        let payer = |payer| {
            move || payments(payer, each).iter().map(|payment| node.accept(payment)).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..payers).map(|number| scope.spawn(payer(number))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn each_of_24_miners_gets_its_own_block() {
    let node = Node::start();
    let mined: Vec<u64> = thread::scope(|scope| {
        let miners: Vec<_> = (0..MINERS).map(|_| scope.spawn(|| node.mine())).collect();
        miners.into_iter().map(|miner| miner.join().unwrap()["index"].as_u64().unwrap()).collect()
    });
    let expected: BTreeSet<u64> = (2..).take(MINERS).collect();
    assert_eq!(mined.into_iter().collect::<BTreeSet<_>>(), expected);
    let chain = node.chain();
    assert_eq!(chain.len(), 1 + MINERS);
    assert_valid(&chain);
    assert!(
        chain[1..].iter().all(|block| block.transactions.len() == 1 && block.transactions[0].is_reward())
    );
}

#[test]
fn payments_during_mining_are_kept_once() {
    let node = Launch::usual().flag("difficulty", "3").start();
    let paid = thread::scope(|scope| {
        let miners: Vec<_> = (0..3).map(|_| scope.spawn(|| (0..5).for_each(|_| drop(node.mine())))).collect();
        let paid = pay_at_once(&node, 4, 25);
        miners.into_iter().for_each(|miner| miner.join().unwrap());
        paid
    });
    assert_eq!(paid.len(), 100);
    assert_eq!(node.payments(), sorted(paid));
    assert_eq!(node.chain().len(), 16);
    let rewards = |node: &Node| {
        node.chain().iter().flat_map(|block| &block.transactions).filter(|t| t.is_reward()).count()
    };
    assert_eq!(rewards(&node), 15);
}

#[test]
fn each_payers_payments_keep_their_order() {
    let node = Node::start();
    let payments = payments(0, 20);
    let paid: Vec<Transaction<'static>> = thread::scope(|scope| {
        scope.spawn(|| (0..8).for_each(|_| drop(node.mine())));
        payments.iter().map(|payment| node.accept(payment)).collect()
    });
    let blocks = node.chain().into_iter().flat_map(|block| block.transactions);
    let order: Vec<Transaction<'static>> =
        blocks.chain(node.pool()).filter(|payment| !payment.is_reward()).collect();
    assert_eq!(order, paid);
}

#[test]
fn readers_never_see_a_torn_chain() {
    let node = Node::start();
    thread::scope(|scope| {
        let mining = scope.spawn(|| (0..30).for_each(|_| drop(node.mine())));
        let mut length = 1;
        while !mining.is_finished() {
            let chain = node.chain();
            assert_valid(&chain);
            assert!(chain.len() >= length, "the chain has shrunk");
            length = chain.len();
        }
    });
}

#[test]
fn resolving_under_load_loses_nothing() {
    let (ours, theirs) = (Node::start(), Node::start());
    ours.register(&[&theirs.address.to_string()]);
    let paid = thread::scope(|scope| {
        scope.spawn(|| (0..12).for_each(|_| drop(theirs.mine())));
        scope.spawn(|| (0..6).for_each(|_| drop(ours.mine())));
        scope.spawn(|| (0..10).filter(|_| ours.resolve()).count());
        pay_at_once(&ours, 2, 25)
    });
    (0..12).for_each(|_| drop(theirs.mine()));
    assert!(ours.resolve());
    assert_eq!(ours.chain(), theirs.chain());
    assert_eq!(ours.payments(), sorted(paid));
}

#[test]
fn concurrent_resolves_are_all_answered() {
    let node = Node::start();
    let peer = Peer::with_chain(&chain(6));
    node.register(&[&peer.address()]);
    let replaced = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| node.resolve())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|&replaced| replaced).count()
    });
    assert_eq!((replaced, node.chain()), (1, chain(6)));
}

#[test]
fn hopeless_search_blocks_no_reader_or_payer() {
    let node = Launch::usual().flag("difficulty", "12").start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    let paid = pay_at_once(&node, 2, 5);
    assert_eq!(sorted(node.pool()), sorted(paid));
    for path in ["/chain", "/nodes", "/nodes/resolve", "/secret"] {
        assert_eq!(node.get(path).status, 200, "{path}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn search_ends_when_its_client_leaves() {
    let node = Launch::usual().flag("difficulty", "12").start();
    let mut miners = [Raw::open(&node), Raw::open(&node)];
    miners.iter_mut().for_each(|miner| miner.ask("GET", "/mine"));
    node.until_mining();
    drop(miners);
    let mut before = node.cpu_ticks();
    let mut quiet = std::time::Instant::now();
    eventually("the search ends", || {
        let now = node.cpu_ticks();
        if now > before {
            (before, quiet) = (now, std::time::Instant::now());
        }
        quiet.elapsed().as_millis() > 600
    });
    assert_eq!((node.chain().len(), node.submit(&pay("bob", "5")).status), (1, 201));
}

#[test]
fn search_restarts_on_a_longer_chain() {
    // A search takes hours at this difficulty, so the longer chain comes from a file.
    let hard = || Launch::usual().flag("difficulty", "8");
    let longer = hard();
    let import = ["--data-dir", "data", "--difficulty", "8", "import"];
    let imported = run(longer.folder(), &import, include_bytes!("difficulty-8.json"));
    assert!(imported.status.success(), "{}", error(&imported));
    let longer = longer.start();
    let node = hard().flag("threads", "1").variable("LEDGER_ENGINE", "portable").start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    let index = || node.get("/mine/progress").json()["index"].as_u64();
    assert_eq!(index(), Some(2));
    node.register(&[&longer.address.to_string()]);
    assert!(node.resolve(), "the longer chain is adopted");
    eventually("the search restarts from the new tip", || index() == Some(4));
    assert_eq!(node.chain().len(), 3);
}
