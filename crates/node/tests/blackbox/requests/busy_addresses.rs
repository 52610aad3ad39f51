//! Addresses with thousands of payments: correct sums, pages, and no delay for others.

use std::thread;
use std::time::{Duration, Instant};

use ledger_core::{Amount, Members, Transaction};
use serde_json::{Value, json};

use crate::harness::assert_takes_less_than;
use crate::harness::made::chains::{chain, grown, next};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::raw::Raw;

/// Clients that read an address all the time: more than may wait at once.
const CLIENTS: usize = 300;

/// Duration of the reads.
const LOAD_TIME: Duration = Duration::from_secs(3);

/// The longest wait of anyone else, in a debug build.
const PROMPT: Duration = Duration::from_secs(2);

fn node_with(chain: &[Members]) -> Node {
    let node = Node::start();
    adopt(&node, chain);
    node
}

fn adopt(node: &Node, chain: &[Members]) {
    let peer = Peer::with_chain(chain);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
}

fn account(node: &Node, question: &str) -> Value {
    let answer = node.get(&format!("/addresses/{question}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// The block indexes of the payments on a page.
fn blocks(page: &Value) -> Vec<u64> {
    page["payments"].as_array().unwrap().iter().map(|payment| payment["block"].as_u64().unwrap()).collect()
}

#[test]
fn pages_and_sums_cross_index_segments() {
    let node = node_with(&chain(4200));
    for _ in 0..2 {
        let page = account(&node, "peer?from=4090&limit=10");
        assert_eq!(
            (&page["length"], &page["received"], &page["next"]),
            (&json!(4199), &json!(4199), &json!(4100))
        );
        assert_eq!(blocks(&page), (4092..4102).collect::<Vec<u64>>());
    }
    let last = account(&node, "peer?from=4198");
    assert_eq!((blocks(&last), &last["next"]), (vec![4200], &Value::Null));
    assert_eq!(blocks(&account(&node, "peer?from=4199")), [0_u64; 0]);
}

#[test]
fn sums_follow_new_blocks_and_reorgs() {
    let ours = chain(200);
    let node = node_with(&ours);
    assert_eq!(account(&node, "peer")["received"], 199);
    node.accept(&pay("peer", "5"));
    node.mine();
    let grown_by_one = account(&node, "peer");
    assert_eq!((&grown_by_one["received"], &grown_by_one["length"]), (&json!(204), &json!(200)));
    let mut theirs = ours[..100].to_vec();
    theirs.push(next(&theirs[99], vec![Transaction::reward("peer", 7_u64)]));
    adopt(&node, &grown(theirs, 150));
    let replaced = account(&node, "peer?from=98&limit=2");
    assert_eq!((&replaced["received"], &replaced["length"]), (&json!(99 + 7 + 150), &json!(250)));
    assert_eq!(blocks(&replaced), [100, 101]);
}

#[test]
fn uncounted_payments_are_reported() {
    let mut chain = chain(1);
    let five = Transaction::reward("peer", Amount::Text("five".into()));
    let null = Transaction::from_json(br#"{"amount": null, "recipient": "peer", "sender": "0"}"#).unwrap();
    chain.push(next(&chain[0], vec![five, null, Transaction::reward("peer", 2_u64)]));
    let account = account(&node_with(&chain), "peer");
    assert_eq!((&account["length"], &account["received"]), (&json!(3), &json!(2)));
    assert_eq!(account["uncounted"], 2);
}

/// Asks until the time is over, and reconnects when cut off. Returns the number of answers.
fn ask_until(node: &Node, end: Instant) -> usize {
    let mut answered = 0;
    while Instant::now() < end {
        let mut raw = Raw::open(node);
        while Instant::now() < end
            && raw.send("GET /addresses/peer?limit=1000 HTTP/1.1\r\nHost: node\r\n\r\n")
        {
            let Some(answer) = raw.answer() else { break };
            assert!(answer.status == 200 || answer.status == 503, "{}", answer.status);
            answered += usize::from(answer.status == 200);
        }
    }
    answered
}

#[test]
fn busy_address_delays_nobody_else() {
    let node = node_with(&chain(3000));
    assert_takes_less_than(PROMPT, || longest_beside_many(&node));
}

/// Reads a busy address with many clients. Returns the longest wait of anyone else.
fn longest_beside_many(node: &Node) -> Duration {
    let end = Instant::now() + LOAD_TIME;
    let (answered, longest) = thread::scope(|threads| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| threads.spawn(|| ask_until(node, end))).collect();
        let mut longest = Duration::ZERO;
        while Instant::now() < end {
            let asked = Instant::now();
            assert_eq!(node.get("/chain?limit=1").status, 200);
            longest = longest.max(asked.elapsed());
        }
        let answered: usize = clients.into_iter().map(|client| client.join().unwrap()).sum();
        (answered, longest)
    });
    eprintln!("{answered} answers; the slowest other request took {longest:?}");
    assert!(answered > 0);
    longest
}
