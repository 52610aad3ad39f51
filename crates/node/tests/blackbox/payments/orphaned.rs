//! Orphaned payments return only if this node verified their signature.

use ledger_core::{Members, Transaction};

use crate::harness::durable::{open, run};
use crate::harness::made::chains::{answer, grown, next, texts};
use crate::harness::made::payments::{alice, pay};
use crate::harness::node::Node;
use crate::harness::peer::Peer;

fn adopt(node: &Node, chain: &[Members]) {
    let peer = Peer::with_chain(chain);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
}

/// A chain on the node's genesis with these transactions in its second block.
fn holding(node: &Node, transactions: Vec<Transaction<'static>>, more: usize) -> Vec<Members<'static>> {
    let genesis = node.chain().remove(0);
    let block = next(&genesis, transactions);
    grown(vec![genesis, block], more)
}

/// Unsigned payments, which only a miner can put in a block.
fn forged() -> Vec<Transaction<'static>> {
    let forge = |sender: &str, recipient: &str, amount: &str| -> Transaction<'static> {
        let json = format!(r#"{{"sender": "{sender}", "recipient": {recipient}, "amount": {amount}}}"#);
        json.parse().unwrap()
    };
    let alice = alice().address().to_string();
    let usual = ["5", "-5", "\"-5\"", "0", "-0.0", "1e-300", "\"five\"", "\"\"", "18446744073709551615"];
    let python =
        ["null", "true", "NaN", "-Infinity", "1e400", "1e22", "[1, {\"a\": \"}], {\"}]", "\"\\ud800\""];
    let amounts = usual.into_iter().chain(python).map(|amount| forge(&alice, "\"thief\"", amount));
    let recipients = python.map(|recipient| forge(&alice, recipient, "5"));
    let senders = ["0", "", "nobody", "\\u0000"].map(|sender| forge(sender, "\"thief\"", "1000"));
    let reward = Transaction::reward("thief", 7_u64);
    [reward].into_iter().chain(amounts).chain(recipients).chain(senders).collect()
}

#[test]
fn forged_payments_do_not_return() {
    let node = Node::start();
    adopt(&node, &holding(&node, forged(), 0));
    let waits = node.accept(&pay("bob", "1"));
    adopt(&node, &holding(&node, Vec::new(), 2));
    assert_eq!(node.pool(), [waits]);
    let mined = node.mine()["transactions"].as_array().unwrap().len();
    assert_eq!(mined, 2, "the payment and the reward");
}

#[test]
fn copies_return_as_often_as_accepted() {
    let node = Node::start();
    let paid = node.accept(&pay("bob", "1"));
    adopt(&node, &holding(&node, vec![paid.clone(); 5], 0));
    assert!(node.pool().is_empty());
    let again = node.accept(&pay("bob", "1"));
    adopt(&node, &holding(&node, Vec::new(), 2));
    assert_eq!(node.pool(), [paid, again]);
}

#[test]
fn payment_keeps_its_signature_across_chains() {
    let node = Node::start();
    let payment = pay("bob", "1");
    let paid = node.accept(&payment);
    (0..2).for_each(|_| drop(node.mine()));
    let signatures = |node: &Node, table: &str| -> Vec<String> {
        let connection = open(&node.launch);
        let mut select = connection.prepare(&format!("SELECT signature FROM {table}")).unwrap();
        select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(signatures(&node, "signatures"), [payment.signature.as_str()]);
    for (length, held) in [(2, true), (4, true), (5, false)] {
        let transactions = if held { vec![paid.clone()] } else { Vec::new() };
        adopt(&node, &holding(&node, transactions, length));
        let [stays, empty] = if held { ["signatures", "pool"] } else { ["pool", "signatures"] };
        assert_eq!(signatures(&node, stays), [payment.signature.as_str()]);
        assert!(signatures(&node, empty).is_empty());
    }
    assert_eq!(node.pool(), [paid]);
}

#[test]
fn import_returns_payments_that_it_lacks() {
    let node = Node::start();
    let payments = [pay("bob", "1"), pay("carol", "2")];
    let paid = payments.each_ref().map(|payment| node.accept(payment));
    node.mine();
    let chain = holding(&node, vec![paid[1].clone()], 2);
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    let json = answer(&texts(&chain));
    let imported =
        run(launch.folder(), &["import", "--data-dir", "data", "--difficulty", "2"], json.as_bytes());
    assert!(imported.status.success(), "{imported:?}");
    let node = launch.start();
    assert_eq!((node.chain(), node.pool()), (chain, vec![paid[0].clone()]));
}

#[test]
fn payment_with_a_changed_signature_does_not_return() {
    let node = Node::start();
    node.accept(&pay("bob", "1"));
    let paid = node.accept(&pay("carol", "1"));
    node.mine();
    let other = pay("bob", "2").signature;
    open(&node.launch).execute("UPDATE signatures SET signature = ?1 WHERE position = 0", [other]).unwrap();
    adopt(&node, &holding(&node, Vec::new(), 2));
    assert_eq!(node.pool(), std::slice::from_ref(&paid));
    node.log.find("payment 0 of replaced block 2 stays out of the pool").unwrap();
    let launch = node.launch.clone();
    drop(node);
    assert_eq!(launch.start().pool(), [paid]);
}

#[test]
fn older_layout_drops_unsigned_payments() {
    let node = Node::start();
    node.accept(&pay("bob", "1"));
    node.mine();
    let waits = node.accept(&pay("carol", "1"));
    node.accept(&pay("dave", "1"));
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    open(&launch)
        .execute_batch(
            "UPDATE pool SET signature = NULL WHERE number > 1; DROP TABLE signatures; DROP TABLE seals;
             PRAGMA user_version = 1",
        )
        .unwrap();
    let node = launch.start();
    assert_eq!(node.pool(), [waits]);
    node.log.find("without a signature from an older version's pool: 1").unwrap();
}
