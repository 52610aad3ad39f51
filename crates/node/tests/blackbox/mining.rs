//! Mining, and watching it.

use ledger_core::Engine;
use serde_json::json;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

#[test]
fn a_node_that_does_not_mine_says_so() {
    let node = Node::start();
    assert_eq!(node.get("/mine/progress").json(), json!({ "mining": false }));
    node.mine();
    assert_eq!(node.get("/mine/progress").json(), json!({ "mining": false }));
}

#[test]
fn a_search_can_be_watched() {
    let node = Launch::usual().flag("difficulty", "12").start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    let progress = node.get("/mine/progress").json();
    assert_eq!(
        (&progress["mining"], &progress["index"], &progress["difficulty"], &progress["expected_tries"]),
        (&json!(true), &json!(2), &json!(12), &json!(16f64.powi(12)))
    );
    assert!(progress["seconds"].as_f64().unwrap() >= 0.0 && progress["tries_per_second"].is_u64());
    let before = progress["tries"].as_u64().unwrap();
    eventually("the search goes on", || node.tries().unwrap() > before);
    drop(miner);
    eventually("the search ends", || node.tries().is_none());
}

#[test]
fn the_smallest_proof_is_found_on_any_number_of_threads_with_any_engine() {
    let threads = ["1", "2", "7"].into_iter().cycle();
    for (engine, threads) in Engine::available().into_iter().zip(threads) {
        let launch = Launch::usual().flag("difficulty", "4").flag("threads", threads);
        let node = launch.flag("engine", &engine.to_string()).start();
        assert!(node.log.find(&format!("proof search: {engine}, {threads} thread")).is_some());
        (0..3).for_each(|_| drop(node.mine()));
        let (chain, rules) = (node.chain(), crate::harness::chains::at_difficulty(4));
        for pair in chain.windows(2) {
            let puzzle = rules.puzzle_after(&pair[0]);
            assert!(puzzle.is_solved_by(pair[1].proof));
            assert!(!(0..pair[1].proof).any(|smaller| puzzle.is_solved_by(smaller)));
        }
    }
}
