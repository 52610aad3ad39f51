//! The Grafana dashboard in `config/`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::metrics::lines;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::peer::Peer;

const DASHBOARD: &str = include_str!("../../../../../config/grafana-dashboard.json");

fn dashboard() -> Value {
    serde_json::from_str(DASHBOARD).unwrap()
}

fn panels(dashboard: &Value) -> &Vec<Value> {
    dashboard["panels"].as_array().unwrap()
}

/// The queries of all panels.
fn queries(dashboard: &Value) -> Vec<&str> {
    let targets = panels(dashboard).iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap()).collect()
}

/// The metrics that a query names.
fn metrics(query: &str) -> impl Iterator<Item = &str> {
    let words = query.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("ledger_") || word.starts_with("process_"))
}

/// The labels that a query groups by, without those that Prometheus adds.
fn labels(query: &str) -> impl Iterator<Item = &str> {
    let lists = query.split("sum by (").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    lists.flat_map(|list| list.split(", ")).filter(|label| *label != "instance")
}

#[test]
fn queries_name_existing_metrics_and_labels() {
    // A counter of answers appears with its first answer.
    let node = Launch::usual().start();
    let peer = Peer::with_body("garbage");
    node.register(&[&peer.address()]);
    node.resolve();
    node.accept(&pay("bob", "5"));
    let lines = lines(&node);
    let samples: Vec<&String> = lines.iter().filter(|line| !line.starts_with('#')).collect();
    let known: BTreeSet<&str> = samples.iter().filter_map(|line| line.split(['{', ' ']).next()).collect();
    let dashboard = dashboard();
    let queries = queries(&dashboard);
    assert!(queries.len() > 20, "{queries:?}");
    for query in queries {
        let named: Vec<&str> = metrics(query).collect();
        assert!(!named.is_empty() && named.iter().all(|name| known.contains(name)), "{query}");
        for label in labels(query) {
            let has_label = |line: &&&String| {
                named.iter().any(|name| line.starts_with(&format!("{name}{{")))
                    && line.contains(&format!("{label}=\""))
            };
            assert!(samples.iter().any(|line| has_label(&line)), "{query} has no label {label}");
        }
    }
    let accepted = r#"ledger_http_requests_total{route="/transactions/new",status="201"} 1"#;
    assert!(samples.iter().any(|line| *line == accepted), "the panel of payments needs it");
}

#[test]
fn panels_have_unique_ids_and_do_not_overlap() {
    let dashboard = dashboard();
    let panels = panels(&dashboard);
    let ids: BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
    let mut taken = BTreeSet::new();
    for panel in panels {
        let [x, y, width, height] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        assert!(x + width <= 24, "{}", panel["title"]);
        for place in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            assert!(taken.insert(place), "{} overlaps another panel", panel["title"]);
        }
    }
}
