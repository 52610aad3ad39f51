//! Mining, and watching it.

use ledger_core::{BlockHash, Engine};
use serde_json::json;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

#[test]
fn idle_node_reports_no_search() {
    let node = Node::start();
    assert_eq!(node.get("/mine/progress").json(), json!({ "mining": false }));
    node.mine();
    assert_eq!(node.get("/mine/progress").json(), json!({ "mining": false }));
}

#[test]
fn last_block_shows_reproducible_work() {
    let node = Node::start();
    node.get("/mine/last").assert_says(404, "this node has mined no block since its start; /mine mines one");
    for index in [2, 3] {
        node.mine();
        let (last, block) = (node.get("/mine/last").json(), node.chain().pop().unwrap());
        let (guess, guess_hash) = (last["guess"].as_str().unwrap(), last["guess_hash"].as_str().unwrap());
        assert_eq!(BlockHash::of_text(guess).to_string(), guess_hash);
        assert!(guess_hash.starts_with("00"), "{guess_hash}");
        assert!(guess.ends_with(&format!("{}{}", block.proof, block.previous_hash)), "{guess}");
        let (hash, proof) = (block.hash().to_string(), block.proof);
        assert_eq!(
            (&last["hash"], &last["index"], &last["proof"]),
            (&json!(hash), &json!(index), &json!(proof))
        );
        assert!(last["tries"].as_u64() > Some(proof) && last["seconds"].is_f64(), "{last}");
        let line =
            node.log.find(&format!("mined block {index}: hash {}…, 1 transaction", &hash[..16])).unwrap();
        let work = format!("proof {proof} gives {}… ({} tried", &guess_hash[..16], last["tries"]);
        assert!(line.contains(&work), "{line}");
    }
}

#[test]
fn abandoned_search_is_logged() {
    let node = Launch::usual().flag("difficulty", "12").start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    drop(miner);
    let line = node.log.find("gave up block 2: 127.0.0.1 hung up (").unwrap();
    let tries = line.rsplit_once("hung up (").unwrap().1.split_once(" tries in").unwrap().0;
    assert!(tries.parse::<u64>().unwrap() > 0, "{line}");
    eventually("the search ends", || node.tries().is_none());
}

#[test]
fn queued_miner_learns_whose_search_runs() {
    let node = Launch::usual().flag("difficulty", "12").start();
    let (mut first, mut second) = (Raw::open(&node), Raw::open_from(&node, 2));
    first.ask("GET", "/mine");
    node.until_mining();
    assert_eq!(node.get("/mine/progress").json()["waiting"], json!(0));
    second.ask("GET", "/mine");
    let line = node.log.find("waits to mine").unwrap();
    assert!(line.ends_with("waits to mine: block 2 is searched for 127.0.0.1 (1 waiting)"), "{line}");
    assert_eq!(node.get("/mine/progress").json()["waiting"], json!(1));
    // The first search ends and the second begins.
    drop(first);
    eventually("nobody waits", || node.get("/mine/progress").json()["waiting"] == json!(0));
}

#[test]
fn running_search_can_be_watched() {
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
fn smallest_proof_is_found_by_every_engine() {
    let threads = ["1", "2", "7"].into_iter().cycle();
    for (engine, threads) in Engine::available().into_iter().zip(threads) {
        let launch = Launch::usual().flag("difficulty", "4").flag("threads", threads);
        let node = launch.flag("engine", &engine.to_string()).start();
        assert!(node.log.find(&format!("proof search: {engine}, {threads} thread")).is_some());
        (0..3).for_each(|_| drop(node.mine()));
        let (chain, rules) = (node.chain(), crate::harness::made::chains::at_difficulty(4));
        for pair in chain.windows(2) {
            let puzzle = rules.puzzle_after(&pair[0]);
            assert!(puzzle.is_solved_by(pair[1].proof));
            assert!(!(0..pair[1].proof).any(|smaller| puzzle.is_solved_by(smaller)));
        }
    }
}
