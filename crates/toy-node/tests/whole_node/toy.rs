//! Nodes with the toy's rules, and their data.

use serde_json::Value;

use crate::harness::durable::open;
use crate::harness::launch::Launch;
use crate::harness::node::Node;

/// A node whose own blocks have this many zeros.
pub(crate) fn at(zeros: u8) -> Launch {
    Launch::usual().flag("difficulty", &zeros.to_string())
}

/// A running node that has mined this many blocks.
pub(crate) fn mined(zeros: u8, blocks: usize) -> Node {
    let node = at(zeros).start();
    for _ in 0..blocks {
        node.mine();
    }
    node
}

/// The blocks of a node.
pub(crate) fn chain(node: &Node) -> Vec<Value> {
    let answer = node.get("/chain").json();
    let chain = answer["chain"].as_array().unwrap().clone();
    assert_eq!(answer["length"], chain.len());
    chain
}

/// The weight of the chain up to each block.
pub(crate) fn weights(chain: &[Value]) -> Vec<u64> {
    let zeros = chain.iter().map(|block| block["target_zeros"].as_u64().unwrap());
    let weights = zeros.scan(0, |weight, zeros| {
        *weight += if zeros == 0 { 0 } else { 16_u64.pow(u32::try_from(zeros).unwrap()) };
        Some(*weight)
    });
    weights.collect()
}

/// Who is paid in a block, in order.
pub(crate) fn payees(block: &Value) -> Vec<&str> {
    let transactions = block["transactions"].as_array().unwrap();
    transactions.iter().map(|payment| payment["recipient"].as_str().unwrap()).collect()
}

/// The recipients of the waiting payments.
pub(crate) fn waiting(node: &Node) -> Vec<String> {
    node.pool().iter().map(|payment| payment.recipient.as_text().unwrap().to_owned()).collect()
}

/// The states that a stopped node has saved.
pub(crate) fn states(launch: &Launch) -> Vec<(u64, String)> {
    let database = open(launch);
    let mut select = database.prepare("SELECT height, state FROM states ORDER BY height").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Stops a node, and checks that what it stored is right, with a state for each block and nothing else. Returns its launch.
pub(crate) fn assert_stores(node: Node) -> Launch {
    let (launch, chain) = (node.launch.clone(), chain(&node));
    node.stop();
    let weights: Vec<_> = (1..).zip(weights(&chain).iter().map(u64::to_string)).collect();
    assert_eq!(states(&launch), weights);
    let verified = launch.clone().argument("verify").end();
    let says = format!("{} blocks: all hashes, links and proofs are valid at 1 to 3 zeros", chain.len());
    assert_eq!((verified.code, verified.stdout), (Some(0), vec![says]), "{:#?}", verified.stderr);
    launch
}
