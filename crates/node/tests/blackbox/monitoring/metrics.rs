//! `GET /metrics`.

use std::collections::BTreeSet;

use ledger_core::canonical;

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, grown, texts};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::harness::{eventually, short};

const DOCUMENT: &str = include_str!("../../../../../docs/metrics.md");

/// The lines of a node's metrics.
pub(super) fn lines(node: &Node) -> Vec<String> {
    let answer = node.get("/metrics");
    assert_eq!(answer.status, 200, "{}", short(&answer.text));
    answer.text.lines().map(str::to_owned).collect()
}

/// The figure of this name and these labels.
fn figure(node: &Node, name: &str) -> Option<f64> {
    lines(node).iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

/// Waits until figures have these values: they follow their events with a delay.
fn assert_figures(node: &Node, expected: &[(&str, f64)]) {
    for &(name, value) in expected {
        eventually(&format!("{name} is {value}, not {:?}", figure(node, name)), || {
            figure(node, name) == Some(value)
        });
    }
}

/// The names that Prometheus stores, without those of the parts of a histogram.
fn names(lines: &[String]) -> BTreeSet<String> {
    let types = lines.iter().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let name = |(name, kind): (&str, &str)| match kind {
        "counter" => format!("{name}_total"),
        "info" => format!("{name}_info"),
        _ => name.to_owned(),
    };
    types.map(name).collect()
}

#[test]
fn metrics_are_openmetrics_text() {
    let node = Node::start();
    let answer = node.get("/metrics");
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)));
    assert!(answer.text.ends_with("# EOF\n"), "{}", answer.text);
}

#[test]
fn document_lists_the_metrics() {
    let node = Node::start();
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: BTreeSet<String> = rows.filter_map(|row| Some(row.split_once('`')?.0.to_owned())).collect();
    let peer = Peer::with_body("garbage");
    node.register(&[&peer.address()]);
    node.resolve();
    assert_eq!(names(&lines(&node)), listed, "left: the node's; right: docs/metrics.md");
}

#[test]
fn blocks_payments_and_neighbours_are_counted() {
    let node = Launch::usual().flag("pool-limit", "1 MiB").start();
    assert_figures(&node, &[("ledger_height", 1.0), ("ledger_blocks_total{origin=\"mined\"}", 0.0)]);
    node.accept(&pay("bob", "5"));
    node.mine();
    let waits = canonical::transaction_text(&node.accept(&pay("carol", "5"))).len() as f64;
    node.register(&["localhost:5001", "localhost:5002"]);
    assert_figures(
        &node,
        &[
            ("ledger_height", 2.0),
            ("ledger_takes_changes", 1.0),
            ("ledger_blocks_total{origin=\"mined\"}", 1.0),
            ("ledger_block_payments_total", 2.0),
            ("ledger_pool_payments", 1.0),
            ("ledger_pool_bytes", waits),
            ("ledger_pool_limit_bytes", f64::from(1 << 20)),
            ("ledger_neighbours", 2.0),
            ("ledger_mining", 0.0),
            ("ledger_http_requests_total{route=\"/transactions/new\",status=\"201\"}", 2.0),
            ("ledger_http_request_seconds_count{route=\"/mine\"}", 1.0),
        ],
    );
    for name in ["ledger_mining_tries_total", "ledger_block_bytes_total", "ledger_http_connections"] {
        assert!(figure(&node, name).unwrap() > 0.0, "{name}");
    }
    assert!(figure(&node, "ledger_file_bytes{file=\"database\"}").unwrap() >= 4096.0);
}

#[test]
fn reorgs_are_counted_with_their_depth() {
    let node = Node::start();
    let fork = grown(node.chain(), 3);
    node.accept(&pay("bob", "5"));
    node.mine();
    node.mine();
    let (peer, garbage) = (Peer::with_body(answer(&texts(&fork))), Peer::with_body("garbage"));
    node.register(&[&peer.address(), &garbage.address()]);
    assert!(node.resolve());
    assert_figures(
        &node,
        &[
            ("ledger_reorg_depth_count", 1.0),
            ("ledger_reorg_depth_sum", 2.0),
            ("ledger_reorg_depth_bucket{le=\"1.0\"}", 0.0),
            ("ledger_reorg_depth_bucket{le=\"2.0\"}", 1.0),
            ("ledger_blocks_total{origin=\"fetched\"}", 3.0),
            ("ledger_orphaned_payments_total{outcome=\"returned\"}", 1.0),
            ("ledger_neighbour_answers_total{outcome=\"adopted\"}", 1.0),
            ("ledger_neighbour_answers_total{outcome=\"not a ledger node\"}", 1.0),
        ],
    );
}

#[test]
fn running_search_is_shown() {
    let node = Launch::usual().flag("difficulty", "64").start();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            node.until_mining();
            assert_eq!(figure(&node, "ledger_mining"), Some(1.0));
            let tries = figure(&node, "ledger_mining_tries_total").unwrap();
            eventually("the tries increase", || figure(&node, "ledger_mining_tries_total").unwrap() > tries);
            node.signal("TERM");
        });
        assert_eq!(node.get("/mine").status, 503);
    });
}

#[test]
fn requests_of_any_path_add_a_bounded_number_of_figures() {
    let node = Node::start();
    let ask = |number: u32| {
        node.get(&format!("/nothing/{number}"));
        node.get(&format!("/blocks/{number}"));
        node.get(&format!("/addresses/{number}?from={number}"));
        crate::harness::http::request("PATCH", &node.url("/chain"));
    };
    ask(7);
    // Ask twice: an answer does not count its own request.
    let before = (lines(&node), lines(&node)).1.len();
    (100..200).for_each(ask);
    assert_eq!(lines(&node).len(), before);
    assert_figures(
        &node,
        &[
            ("ledger_http_requests_total{route=\"unknown\",status=\"404\"}", 101.0),
            ("ledger_http_requests_total{route=\"/blocks/{which}\",status=\"404\"}", 101.0),
            ("ledger_http_requests_total{route=\"/addresses/{address}\",status=\"200\"}", 101.0),
            ("ledger_http_requests_total{route=\"/chain\",status=\"405\"}", 101.0),
        ],
    );
}
