//! Every endpoint: status, members and messages.

use ledger_core::{PreviousHash, Transaction};
use serde_json::{Value, json};
use wallet::Wallet;

use crate::harness::made::chains::assert_valid;
use crate::harness::made::payments::{miner, pay};
use crate::harness::node::Node;

/// The names of an object's members, in order.
fn members(json: &str) -> Vec<String> {
    let mut value: Value = serde_json::from_str(json).unwrap();
    let mut names: Vec<String> = value.as_object_mut().unwrap().keys().cloned().collect();
    names.sort_by_key(|name| json.rfind(&format!("\"{name}\":")).unwrap());
    names
}

#[test]
fn new_chain_is_a_genesis() {
    let node = Node::start();
    let chain = node.chain();
    let [genesis] = chain.as_slice() else { panic!("{} blocks", chain.len()) };
    assert_eq!((genesis.index, genesis.proof, genesis.previous_hash), (1, 1, PreviousHash::GenesisNumber));
    assert!(genesis.transactions.is_empty());
    let age = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    let age = age - genesis.timestamp.number().to_f64();
    assert!((0.0..120.0).contains(&age), "{age} seconds old");
    assert!(node.get("/chain").json()["chain"][0]["timestamp"].is_f64());
}

#[test]
fn every_node_has_its_own_genesis() {
    assert_ne!(Node::start().chain(), Node::start().chain());
}

#[test]
fn mined_block_holds_pool_in_order_then_reward() {
    let node = Node::start();
    let payments = ["carol", "bob", "dave"].map(|name| node.accept(&pay(name, "5")));
    let answer = node.get("/mine");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(members(&answer.text), ["index", "message", "previous_hash", "proof", "transactions"]);
    let mined = answer.json();
    assert_eq!((&mined["index"], &mined["message"]), (&json!(2), &json!("New Block Created")));
    let reward = Transaction::reward(miner().address().to_string(), 1_u64);
    let expected: Vec<Transaction<'static>> = payments.into_iter().chain([reward]).collect();
    let transactions: Vec<Transaction<'static>> =
        serde_json::from_value(mined["transactions"].clone()).unwrap();
    assert_eq!(transactions, expected);
    assert_eq!(node.pool(), []);
    let chain = node.chain();
    assert_eq!(chain[1].transactions, expected);
    assert_eq!(mined["previous_hash"], json!(chain[0].hash().to_string()));
    assert_eq!(mined["proof"], json!(chain[1].proof));
}

#[test]
fn mined_blocks_link_to_their_parent() {
    let node = Node::start();
    for index in 2..=6 {
        assert_eq!(node.mine()["index"], json!(index));
    }
    let chain = node.chain();
    assert_eq!(chain.len(), 6);
    assert_valid(&chain);
}

#[test]
fn pool_shows_its_length_and_payments() {
    let node = Node::start();
    let empty = node.get("/transactions");
    assert_eq!((empty.status, empty.json()), (200, json!({"length": 0, "transactions": []})));
    let paid = [node.accept(&pay("bob", "1")), node.accept(&pay("bob", "1")), node.accept(&pay("", "2"))];
    assert_eq!(node.pool(), paid);
    assert_eq!(members(&node.get("/transactions").text), ["length", "transactions"]);
}

#[test]
fn limited_pool_has_the_first_payments_and_the_full_length() {
    let node = Node::start();
    let paid = ["1", "2", "3"].map(|amount| node.accept(&pay("bob", amount)));
    assert_eq!(node.pool(), paid);
    let all = node.get("/transactions").json();
    assert_eq!(all["length"], 3);
    let first =
        |count: usize| json!({"length": 3, "transactions": all["transactions"].as_array().unwrap()[..count]});
    for (limit, count) in [("1", 1), ("2", 2), ("3", 3), ("1000", 3)] {
        assert_eq!(node.get(&format!("/transactions?limit={limit}")).json(), first(count), "{limit}");
    }
    for wrong in ["0", "1001", "-1", "x", ""] {
        let answer = node.get(&format!("/transactions?limit={wrong}"));
        assert_eq!(
            (answer.status, &*answer.text),
            (400, "limit must be a whole number from 1 to 1000"),
            "{wrong}"
        );
    }
}

#[test]
fn pool_of_an_address_has_what_it_sends_and_receives() {
    let node = Node::start();
    let payments = [pay("bob", "1"), pay("bob1", "2"), pay("bob", "3")];
    payments.iter().for_each(|payment| drop(node.accept(payment)));
    let all = node.get("/transactions").json()["transactions"].take();
    let assert_answer = |query: &str, length: usize, places: &[usize]| {
        let shown: Vec<_> = places.iter().map(|place| &all[*place]).collect();
        let answer = node.get(&format!("/transactions?{query}")).json();
        assert_eq!(answer, json!({"length": length, "transactions": shown}), "{query}");
    };
    assert_answer("address=bob", 2, &[0, 2]);
    assert_answer("address=bob&limit=1", 2, &[0]);
    let sender = all[0]["sender"].as_str().unwrap().replace('+', "%2B");
    assert_answer(&format!("address={sender}"), 3, &[0, 1, 2]);
    ["address=", "address=bo", "address=0"].iter().for_each(|query| assert_answer(query, 0, &[]));
    assert_eq!(node.get("/transactions?address=bob&limit=0").status, 400);
}

#[test]
fn accepted_payment_names_its_block() {
    let node = Node::start();
    let message = |index| json!({"message": format!("Transaction will be added to Block {index}")});
    let answer = node.submit(&pay("bob", "5"));
    assert_eq!((answer.status, answer.json()), (201, message(2)));
    node.mine();
    assert_eq!(node.submit(&pay("bob", "5")).json(), message(3));
}

#[test]
fn chain_says_its_length_and_sorts_its_members() {
    let node = Node::start();
    node.mine();
    let answer = node.get("/chain");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.json()["length"], json!(2));
    assert!(
        answer.text.starts_with(r#"{"chain": [{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": "#)
    );
    assert!(answer.text.trim_end().ends_with(r#""length": 2}"#));
}

#[test]
fn neighbours_are_sorted_without_duplicates() {
    let node = Node::start();
    assert_eq!(node.get("/nodes").json(), json!({"length": 0, "nodes": []}));
    let answer = node.register(&["http://localhost:7002", "localhost:7001", "http://LOCALHOST:7002/"]);
    let listed = json!(["localhost:7001", "localhost:7002"]);
    let expected = json!({"message": "New nodes have been added", "total_nodes": listed});
    assert_eq!((answer.status, answer.json()), (201, expected));
    assert_eq!(members(&answer.text), ["message", "total_nodes"]);
    assert_eq!(node.register(&["localhost:7001"]).json()["total_nodes"], listed);
    assert_eq!(node.get("/nodes").json(), json!({"length": 2, "nodes": listed}));
}

#[test]
fn empty_list_adds_no_neighbour() {
    let node = Node::start();
    assert_eq!(node.register(&[]).json()["total_nodes"], json!([]));
}

#[test]
fn resolving_without_neighbours_keeps_the_chain() {
    let node = Node::start();
    let answer = node.get("/nodes/resolve");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["message"], json!("Our chain is authoritative"));
    assert_eq!(answer.json()["chain"], node.get("/chain").json()["chain"]);
    assert_eq!(members(&answer.text), ["chain", "message", "neighbours"]);
}

#[test]
fn secret_has_its_own_line_on_the_console() {
    let node = Node::start();
    let answer = node.get("/secret");
    assert_eq!((answer.status, answer.json()), (200, json!({"message": "secret sent in console..."})));
    let mined = node.mine()["transactions"][0]["recipient"].take();
    let lines = node.stop().stdout;
    let [begin, secret, end] = lines.as_slice() else { panic!("{} lines", lines.len()) };
    assert!(begin.contains("begins") && end.contains("ends"));
    assert_eq!(json!(Wallet::from_secret(secret).unwrap().address().as_str()), mined);
}

#[test]
fn secret_appears_only_on_the_console() {
    let node = Node::start();
    let (answer, secret) = (node.get("/secret").text, miner().secret());
    assert!(!answer.contains(secret.as_str()));
    assert!(node.stop().stderr.iter().all(|line| !line.contains(secret.as_str())));
}

#[test]
fn unknown_path_is_not_found() {
    let node = Node::start();
    for path in ["/", "/nothing", "/chain/", "/chain/1", "/mine/2", "/transactions/new/x", "/%00", "/..%2f"] {
        let answer = node.get(path);
        answer.assert_refusal(path);
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(node.post("/nothing", "{}").status, 404);
}

#[test]
fn unknown_query_changes_no_answer() {
    let node = Node::start();
    assert_eq!(node.get("/chain?length=7&x=%22").text, node.get("/chain").text);
}
