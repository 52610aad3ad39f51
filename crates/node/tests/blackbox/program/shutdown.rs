//! How a node stops.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use ledger_core::{Members, Search, Timestamp};

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, at_difficulty, genesis, next_by, texts};
use crate::harness::node::Node;
use crate::harness::peer::{Peer, until_left};
use crate::harness::raw::Raw;
use crate::harness::{assert_takes_less_than, eventually};

/// The keep-alive timeout of an idle connection.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Checks that a signal stops the node cleanly. Returns how long that took.
fn assert_stops(node: Node, signal: &str) -> Duration {
    let begun = Instant::now();
    node.signal(signal);
    let ended = node.ended();
    let taken = begun.elapsed();
    assert_eq!(ended.code, Some(0));
    let is_stopping = |line: &String| line.ends_with("stopping; a second signal stops at once");
    assert!(ended.stderr.iter().any(is_stopping), "{:?}", ended.stderr);
    assert!(ended.stderr.last().unwrap().ends_with("stopped"), "{:?}", ended.stderr);
    taken
}

#[test]
fn each_signal_stops_a_node() {
    for signal in ["INT", "TERM", "HUP"] {
        let node = with_default_hangup(Launch::usual()).start();
        node.mine();
        assert_stops(node, signal);
    }
}

/// Resets SIGHUP, which the node would inherit as ignored under `nohup`. A shell cannot undo that, GNU `env` can.
fn with_default_hangup(launch: Launch) -> Launch {
    let env = "env --default-signal=HUP";
    launch.after_commands(&format!("{{ ! {env} true 2>/dev/null || set -- {env} \"$@\"; }}"))
}

#[test]
fn closed_terminal_lets_a_node_finish() {
    let node = with_default_hangup(Launch::usual().flag("difficulty", "12")).start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    node.signal("HUP");
    node.log.find("stopping").unwrap();
    (0..2).for_each(|_| node.signal("HUP"));
    miner.answer().unwrap().assert_says(503, "the node is stopping");
    assert_eq!(node.ended().code, Some(0));
}

#[test]
fn nohup_node_outlives_its_terminal() {
    let node = Launch::usual().after_commands("trap '' HUP").start();
    node.signal("HUP");
    assert_eq!(node.mine()["index"], 2);
    assert_stops(node, "TERM");
}

#[test]
fn listening_node_can_be_stopped_at_once() {
    let launch = Launch::usual();
    for _ in 0..8 {
        assert_stops(launch.start(), "TERM");
    }
}

#[test]
fn node_with_a_closed_log_answers_and_stops() {
    let node = Node::start();
    node.log.hang_up();
    node.mine();
    node.log.to_end();
    for blocks in 3..5 {
        assert_eq!(node.mine()["index"], blocks);
    }
    assert_eq!(node.register(&["127.0.0.1:1"]).status, 201);
    assert!(!node.resolve());
    node.signal("TERM");
    assert_eq!(node.ended().code, Some(0));
}

#[test]
fn idle_connections_do_not_delay_a_stop() {
    assert_takes_less_than(KEEP_ALIVE, stop_beside_idle_connections);
}

fn stop_beside_idle_connections() -> Duration {
    let node = Node::start();
    let (mut idle, mut silent, mut stalled) = (Raw::open(&node), Raw::open(&node), Raw::open(&node));
    stalled.send("GET /chain HTT");
    idle.ask("GET", "/chain");
    assert_eq!(idle.answer().unwrap().status, 200);
    let taken = assert_stops(node, "TERM");
    for connection in [&mut idle, &mut silent, &mut stalled] {
        assert_eq!(connection.answer(), None);
    }
    taken
}

/// The first genesis timestamp to try, in seconds: [`hard_chain`] finds a suitable chain soon after it.
const FIRST_TIMESTAMP: u64 = 22;

/// A chain whose next puzzle takes one thread a noticeable but short time at difficulty 5.
fn hard_chain() -> Vec<Members<'static>> {
    let rules = at_difficulty(5);
    let work =
        |block: &Members, proofs| rules.puzzle_after(block).search(proofs, |_| ControlFlow::Continue(()));
    for second in FIRST_TIMESTAMP.. {
        let genesis = Members { timestamp: Timestamp::from_micros(second * 1_000_000), ..genesis() };
        if !matches!(work(&genesis, 0..100_000), Search::Found(_)) {
            continue;
        }
        let block = next_by(rules, &genesis, Vec::new());
        if matches!(work(&block, 0..2_500_000), Search::Found(proof) if proof > 1_500_000) {
            return vec![genesis, block];
        }
    }
    unreachable!("about one chain in two hundred will do")
}

#[test]
fn stop_finishes_a_running_search() {
    let peer = Peer::with_body(answer(&texts(&hard_chain())));
    let launch = Launch::usual().flag("difficulty", "5").flag("threads", "1").flag("engine", "portable");
    let node = launch.start();
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    node.signal("TERM");
    let mined = miner.answer().expect("an answer, for the search was short");
    assert_eq!((mined.status, &mined.json()["index"]), (200, &3.into()));
    assert_eq!(node.ended().code, Some(0));
    let chain = launch.start().chain();
    assert_eq!((chain.len(), mined.json()["proof"].as_u64()), (3, Some(chain[2].proof)));
}

#[test]
fn stop_abandons_a_hopeless_search() {
    let launch = Launch::usual().flag("difficulty", "12");
    let node = launch.start();
    let mut miners = [Raw::open(&node), Raw::open(&node)];
    for miner in &mut miners {
        // Both requests arrive in one segment: once the first is answered, the second is being served.
        miner.send(
            ["/nodes", "/mine"]
                .map(|path| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .concat(),
        );
        assert_eq!(miner.answer().unwrap().status, 200);
    }
    node.until_mining();
    node.signal("INT");
    for miner in &mut miners {
        miner.answer().unwrap().assert_says(503, "the node is stopping");
    }
    assert_eq!(node.ended().code, Some(0));
    assert_eq!(launch.start().chain().len(), 1);
}

#[test]
fn second_signal_ends_a_node_at_once() {
    let node = Launch::usual().flag("difficulty", "12").start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    node.signal("INT");
    node.log.find("stopping").unwrap();
    eventually("the node has ended", || {
        node.signal("INT");
        node.log.is_ended()
    });
    let ended = node.ended();
    assert_eq!((ended.code, miner.answer()), (Some(130), None));
    assert!(!ended.stderr.iter().any(|line| line.ends_with("stopped")));
}

#[test]
fn silent_neighbour_does_not_delay_a_stop() {
    let patient = Launch::usual().flag("peer-timeout", "600").flag("peer-first-byte", "600");
    let (peer, node) = (Peer::with_handler(until_left), patient.start());
    node.register(&[&peer.address()]);
    let mut asking = Raw::open(&node);
    asking.ask("GET", "/nodes/resolve");
    eventually("the neighbour is asked", || peer.asked() == 1);
    node.signal("TERM");
    asking.answer().unwrap().assert_says(503, "the node is stopping");
    let ended = node.ended();
    assert_eq!(ended.code, Some(0));
    assert!(!ended.stderr.iter().any(|line| line.contains("skipping peer")), "{:?}", ended.stderr);
}
