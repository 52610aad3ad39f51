//! Verdicts on blocks.

use serde_json::{Value, json};

use crate::harness::launch::Launch;
use crate::harness::node::Node;

/// Posts the blocks as texts. Returns the verdicts.
fn verify(node: &Node, blocks: &[String], more: &str) -> Value {
    let answer = node.post("/lab/verify", format!("{{\"blocks\": [{}]{more}}}", blocks.join(", ")));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn chain(node: &Node) -> Vec<String> {
    (0..3).for_each(|_| drop(node.mine()));
    (1..=4).map(|index| node.get(&format!("/blocks/{index}")).text).collect()
}

fn verdicts(answer: &Value) -> Vec<&str> {
    answer["blocks"].as_array().unwrap().iter().map(|block| block["verdict"].as_str().unwrap()).collect()
}

#[test]
fn chain_of_the_node_is_valid() {
    let node = Node::start();
    let blocks = chain(&node);
    let answer = verify(&node, &blocks, "");
    assert_eq!((verdicts(&answer), &answer["rules"]), (vec!["valid"; 4], &json!("difficulty 2")));
    let tip = node.get("/status").json()["tip"].take();
    let last = json!({
        "expected": null, "found": null, "hash": tip, "position": 4,
        "rests_on": null, "rule": null, "says": null, "verdict": "valid",
    });
    assert_eq!(answer["blocks"][3], last);
}

#[test]
fn change_in_the_past_shows_both_sides_and_changes_nothing() {
    let node = Node::start();
    let mut blocks = chain(&node);
    blocks[1] = blocks[1].replace("\"amount\": 1,", "\"amount\": 500,");
    let before = node.state();
    let answer = verify(&node, &blocks, "");
    assert_eq!(verdicts(&answer), ["valid", "valid", "broken", "rests"]);
    let (changed, broken) = (&answer["blocks"][1], &answer["blocks"][2]);
    assert_eq!((&broken["rule"], &broken["expected"]), (&json!("previous_hash"), &changed["hash"]));
    let says = broken["says"].as_str().unwrap();
    let found = broken["found"].as_str().unwrap();
    assert!(
        says.starts_with(&format!("block 3: previous_hash is {found}, but block 2 hashes to ")),
        "{says}"
    );
    assert_eq!(answer["blocks"][3]["rests_on"], 3);
    assert_eq!(node.state(), before);
}

#[test]
fn difficulty_can_be_chosen() {
    let node = Node::start();
    let blocks = chain(&node);
    let answer = verify(&node, &blocks, ", \"difficulty\": 64");
    assert_eq!(verdicts(&answer), ["valid", "broken", "rests", "rests"]);
    assert_eq!((&answer["blocks"][1]["rule"], &answer["rules"]), (&json!("proof"), &json!("difficulty 64")));
    for easy in ["0", "0.0", "-0", "2e0"] {
        assert_eq!(
            verdicts(&verify(&node, &blocks, &format!(", \"difficulty\": {easy}"))),
            ["valid"; 4],
            "{easy}"
        );
    }
}

#[test]
fn hostile_blocks_get_a_verdict_or_a_sentence() {
    let node = Launch::usual().start();
    for block in ["5", "null", "[]", "{}", "\"\"", "[[[[[[]]]]]]", "{\"index\": 1}"] {
        let answer = verify(&node, &[block.to_owned()], "");
        assert_eq!(
            (&answer["blocks"][0]["verdict"], &answer["blocks"][0]["rule"]),
            (&json!("broken"), &json!("form"))
        );
    }
    let many = format!("{{\"blocks\": [{}]}}", vec!["5"; 257].join(","));
    for (body, says) in [
        ("{}", "blocks must be a list of blocks"),
        ("{\"blocks\": 5}", "blocks must be a list of blocks"),
        ("{\"blocks\": [], \"difficulty\": 65}", "difficulty must be 0 to 64 leading zeros, not 65"),
        ("{\"blocks\": [], \"difficulty\": null}", "difficulty must be 0 to 64 leading zeros, not null"),
        ("{\"blocks\": [], \"difficulty\": 1.5}", "difficulty must be 0 to 64 leading zeros, not 1.5"),
        ("{\"blocks\": [], \"difficulty\": \"4\"}", "difficulty must be 0 to 64 leading zeros, not \"4\""),
        ("{\"blocks\": [], \"other\": 1}", "unknown member \"other\""),
        (&many, "blocks must be at most 256, not 257"),
        (&"[".repeat(100_000), "JSON"),
    ] {
        let answer = node.post("/lab/verify", body);
        answer.assert_refusal(says);
        assert!(answer.text.contains(says), "{}", answer.text);
    }
    assert_eq!(node.post("/lab/verify", " ".repeat(300_000)).status, 413);
}
