//! Limits of the pool and of a block's payments.

use crate::harness::launch::Launch;
use crate::harness::made::payments::{Payment, pay};

/// Limit of a block's payments, in canonical bytes.
const BLOCK: usize = 16 << 20;

/// Payments of 200 kB each, together more than a block takes.
fn large_payments() -> Vec<Payment> {
    let count = BLOCK / 200_000 + 10;
    (0..count).map(|number| pay(&format!("{number}{}", "x".repeat(200_000)), "1")).collect()
}

fn length(payment: &Payment) -> usize {
    ledger_core::canonical::transaction_length(&payment.transaction())
}

#[test]
fn full_pool_refuses_until_a_block_is_mined() {
    let node = Launch::usual().flag("pool-limit", "1500").start();
    let paid = ["1", "2"].map(|amount| node.accept(&pay("bob", amount)));
    let refused = node.submit(&pay("bob", "3"));
    assert_eq!(refused.status, 503);
    assert!(refused.text.contains("of 1500 bytes are taken; mine a block"), "{}", refused.text);
    assert_eq!(node.pool(), paid);
    node.mine();
    node.accept(&pay("bob", "3"));
}

#[test]
fn block_takes_16_mib_of_payments_in_order() {
    let node = Launch::usual().flag("pool-limit", "64 MiB").start();
    let payments = large_payments();
    let paid: Vec<_> = payments.iter().map(|payment| node.accept(payment)).collect();
    let mut room = BLOCK;
    let fit = payments
        .iter()
        .take_while(|payment| room.checked_sub(length(payment)).map(|left| room = left).is_some());
    let (first, second) = paid.split_at(fit.count());
    assert!(!second.is_empty());

    node.mine();
    assert_eq!(node.pool(), second);
    node.mine();
    assert!(node.pool().is_empty());
    let chain = node.chain();
    assert_eq!(chain[1].transactions[..chain[1].transactions.len() - 1], *first);
    assert_eq!(chain[2].transactions[..chain[2].transactions.len() - 1], *second);
}

#[test]
fn lowered_limit_keeps_waiting_payments() {
    let node = Launch::usual().start();
    let paid = ["1", "2", "3"].map(|amount| node.accept(&pay("bob", amount)));
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    let node = launch.variable("LEDGER_POOL_LIMIT", "1 KiB").start();
    assert_eq!(node.pool(), paid);
    assert_eq!(node.submit(&pay("bob", "4")).status, 503);
}

#[test]
fn limit_in_the_file_is_text_or_number() {
    for line in ["poolLimit = \"1 KiB\"", "poolLimit = 1024"] {
        let node = Launch::usual().file("config/node.toml", line).start();
        node.accept(&pay("bob", "1"));
        assert_eq!(node.submit(&pay("bob", "2")).status, 503, "{line}");
    }
}

#[test]
fn invalid_limit_stops_the_start() {
    let ended = Launch::usual().variable("LEDGER_POOL_LIMIT", "plenty").end();
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stderr,
        [
            "node: the environment variable LEDGER_POOL_LIMIT is not valid: \"plenty\" is not a size; write 1000000, \
             512 KiB, 16 MiB or 1 GiB"
        ]
    );
}
