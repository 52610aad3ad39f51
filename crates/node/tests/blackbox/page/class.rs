//! The class board, and the wallets of the chain.

use serde_json::{Value, json};

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::{alice, pay};
use crate::harness::node::Node;
use crate::network::nodes::dialling;

fn board(node: &Node) -> Vec<Value> {
    node.get("/class/nodes").json()["nodes"].as_array().unwrap().clone()
}

/// A node with a wallet of its own. The others share one.
fn with_own_wallet(launch: Launch) -> Launch {
    launch.file("wallet.pem", &alice().to_pem())
}

/// The seat of the node with this name.
fn seat(node: &Node, name: &str) -> Option<Value> {
    board(node).into_iter().find(|seat| seat["name"] == name)
}

#[test]
fn named_peers_have_their_blocks_and_balances_on_the_board() {
    let teacher = dialling(&[]).flag("name", "heron").start();
    let pupil = with_own_wallet(dialling(&[&teacher])).flag("name", "Zoë's node; 2").start();
    let stranger = dialling(&[&teacher]).start();
    teacher.until_connected(2);
    pupil.mine();
    pupil.mine();
    teacher.until_agrees_with(&pupil);
    teacher.mine();
    stranger.until_agrees_with(&teacher);
    pupil.until_agrees_with(&teacher);
    let tip = teacher.get("/status").json()["tip"].take();
    eventually("the board shows one tip", || board(&teacher).iter().all(|seat| seat["tip"] == tip));
    let own = &board(&teacher)[0];
    assert_eq!((&own["kind"], &own["name"], &own["mined"]), (&json!("own"), &json!("heron"), &json!(1)));
    let seat = seat(&teacher, "Zoë's node; 2").unwrap();
    assert_eq!((&seat["mined"], &seat["balance"], &seat["fork"]), (&json!(2), &json!(2), &json!(4)));
    assert_eq!(seat["wallet"], pupil.get("/status").json()["wallet"]);
    let unnamed = board(&teacher).into_iter().find(|seat| seat["name"].is_null()).unwrap();
    assert_eq!(
        (&unnamed["wallet"], &unnamed["mined"]),
        (&Value::Null, &Value::Null),
        "a node without a name publishes no wallet"
    );
}

#[test]
fn board_says_where_a_chain_parts_from_ours() {
    let teacher = dialling(&[]).flag("name", "heron").start();
    let pupil = dialling(&[&teacher]).flag("name", "wren");
    let node = pupil.start();
    (0..3).for_each(|_| drop(teacher.mine()));
    node.until_agrees_with(&teacher);
    node.stop();
    // Both mine a block on their own. Of two chains of equal length, each node keeps its own.
    let alone = pupil.clone().without("p2p-port").without_arguments().start();
    alone.mine();
    alone.stop();
    teacher.mine();
    let _pupil = pupil.start();
    // Until the pupil connects, the board shows its earlier state.
    let is_found = |seat: Value| (&seat["fork"], &seat["height"]) == (&json!(4), &json!(5));
    eventually("the fork is found", || seat(&teacher, "wren").is_some_and(is_found));
}

#[test]
fn neighbour_is_on_the_board_once() {
    let pupil = Launch::usual().flag("name", "finch").start();
    pupil.mine();
    let teacher = Node::start();
    teacher.register(&[&pupil.address.to_string()]);
    eventually("the board has the neighbour's state", || {
        seat(&teacher, "finch").is_some_and(|seat| seat["height"] == 2)
    });
    let seat = seat(&teacher, "finch").unwrap();
    assert_eq!((&seat["kind"], &seat["key"]), (&json!("http"), &json!(pupil.address.to_string())));
    assert_eq!(seat["fork"], Value::Null, "it has a genesis of its own");
    assert_eq!(board(&teacher).len(), 2);
}

#[test]
fn wallets_are_found_by_fingerprint_and_name() {
    let node = Launch::usual().flag("name", "heron").start();
    node.mine();
    node.submit(&pay("bob", "1"));
    node.mine();
    let status = node.get("/status").json();
    let print = status["wallet"].as_str().unwrap();
    let all = node.get("/wallets").json();
    let own = &all["wallets"][0];
    assert_eq!((&own["address"], &own["name"]), (&status["address"], &json!("heron")));
    assert_eq!((&own["balance"], &own["mined"], &own["first"]), (&json!(2), &json!(2), &json!(2)));
    assert_eq!(all["length"], 2, "the miner and the payer: bob is only a name");
    for find in [&print[..2], print, "her", "heron"] {
        let found = node.get(&format!("/wallets?find={find}&limit=1")).json();
        assert_eq!(found["wallets"][0]["fingerprint"], print, "{find}");
    }
    assert_eq!(node.get("/wallets?find=nobody").json(), json!({ "length": 0, "wallets": [] }));
    node.get("/wallets?limit=0").assert_says(400, "limit must be a whole number from 1 to 100");
}

#[test]
fn page_of_the_board_is_public() {
    let page = Node::start().get("/class");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text.contains("/app/class/main.js\""), "{}", page.text);
}
