//! All figures of a node, and their text.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use super::process::Process;
use super::{ChangeMetrics, NeighbourMetrics, RequestMetrics, Snapshot};
use crate::system::clock;

/// The type of the text: OpenMetrics 1.0, which Prometheus reads.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The counters of a node. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Requests.
    pub requests: RequestMetrics,
    /// Changes of the ledger.
    pub changes: ChangeMetrics,
    /// Answers of neighbours.
    pub neighbours: NeighbourMetrics,
    /// Seconds between 1970 and the start.
    started: i64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: RequestMetrics::default(),
            changes: ChangeMetrics::default(),
            neighbours: NeighbourMetrics::default(),
            started: clock::seconds(),
        }
    }
}

impl Metrics {
    /// All figures as OpenMetrics text. Reads files of the system: call it from a thread that may block.
    pub fn text(&self, snapshot: Snapshot) -> String {
        let mut registry = Registry::default();
        let ledger = registry.sub_registry_with_prefix("ledger");
        snapshot.register(ledger);
        self.changes.register(ledger);
        self.neighbours.register(ledger);
        self.requests.register(ledger.sub_registry_with_prefix("http"));
        let process = registry.sub_registry_with_prefix("process");
        let start = "Start of the process, in seconds since 1970";
        process.register_with_unit("start_time", start, Unit::Seconds, ConstGauge::new(self.started));
        if let Some(figures) = Process::read() {
            figures.register(process);
        }
        let mut text = String::new();
        encode(&mut text, &registry).expect("a String takes all that is written");
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn text_has_each_figure_once_and_ends() {
        let metrics = Metrics::default();
        metrics.requests.route("/chain").answered(200, Duration::from_millis(3));
        metrics.requests.route("/chain").answered(200, Duration::from_millis(3));
        metrics.requests.unknown().answered(404, Duration::ZERO);
        metrics.neighbours.answered("adopted");
        let text = metrics.text(Snapshot { height: 12, rules: "classic", ..Snapshot::default() });
        for line in [
            "ledger_height 12",
            "ledger_http_requests_total{route=\"/chain\",status=\"200\"} 2",
            "ledger_http_requests_total{route=\"unknown\",status=\"404\"} 1",
            "ledger_http_request_seconds_bucket{le=\"0.0025\",route=\"/chain\"} 0",
            "ledger_http_request_seconds_bucket{le=\"0.005\",route=\"/chain\"} 2",
            "ledger_neighbour_answers_total{outcome=\"adopted\"} 1",
        ] {
            assert_eq!(text.lines().filter(|found| *found == line).count(), 1, "{line} in:\n{text}");
        }
        assert!(text.ends_with("# EOF\n"), "{text}");
    }
}
