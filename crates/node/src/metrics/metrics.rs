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

    use p2p::Counters;

    use super::*;
    use crate::metrics::{FileSizes, MiningFigures, PeerFigures, PoolFigures};

    /// A node whose figures all differ.
    fn snapshot() -> Snapshot {
        let counters = Counters {
            bytes_received: 21,
            bytes_sent: 22,
            copies: 23,
            accepted: 24,
            ignored: 25,
            rejected: 26,
            not_judged: 27,
            published: 28,
            answered: 29,
            busy: 30,
            offences: [31, 32, 33, 34, 35, 36, 37],
            bans: 38,
            ..Counters::default()
        };
        Snapshot {
            rules: "classic",
            height: 11,
            takes_changes: true,
            pool: PoolFigures { payments: 12, bytes: 13, limit: 14 },
            neighbours: 15,
            peers: Some(PeerFigures { connected: 39, banned: 40, counters }),
            mining: MiningFigures { is_running: true, waiting: 16, tries: 17, rate: 18 },
            connections: 19,
            files: Some(FileSizes { database: 41, log: 42 }),
        }
    }

    #[test]
    fn text_has_all_figures_of_a_node() {
        let text = Metrics::default().text(snapshot());
        for line in [
            "ledger_takes_changes 1",
            "ledger_pool_payments 12",
            "ledger_pool_bytes 13",
            "ledger_pool_limit_bytes 14",
            "ledger_neighbours 15",
            "ledger_mining 1",
            "ledger_mining_waiting 16",
            "ledger_mining_tries_total 17",
            "ledger_mining_tries_per_second 18",
            "ledger_http_connections 19",
            "ledger_p2p_traffic_bytes_total{direction=\"received\"} 21",
            "ledger_p2p_traffic_bytes_total{direction=\"sent\"} 22",
            "ledger_p2p_gossip_copies_total 23",
            "ledger_p2p_gossip_total{outcome=\"accepted\"} 24",
            "ledger_p2p_gossip_total{outcome=\"ignored\"} 25",
            "ledger_p2p_gossip_total{outcome=\"rejected\"} 26",
            "ledger_p2p_gossip_total{outcome=\"not judged\"} 27",
            "ledger_p2p_gossip_published_total 28",
            "ledger_p2p_requests_total{outcome=\"answered\"} 29",
            "ledger_p2p_requests_total{outcome=\"busy\"} 30",
            "ledger_p2p_bans_total 38",
            "ledger_p2p_connected 39",
            "ledger_p2p_banned 40",
            "ledger_file_bytes{file=\"database\"} 41",
            "ledger_file_bytes{file=\"log\"} 42",
        ] {
            assert_eq!(text.lines().filter(|found| *found == line).count(), 1, "{line} in:\n{text}");
        }
        for (offence, count) in p2p::Offence::ALL.iter().zip(31..) {
            let line = format!("ledger_p2p_offences_total{{offence=\"{offence}\"}} {count}\n");
            assert!(text.contains(&line), "{line} in:\n{text}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn text_has_the_figures_of_the_process() {
        let text = Metrics::default().text(Snapshot::default());
        for name in ["process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_open_fds "] {
            assert!(text.lines().any(|line| line.starts_with(name)), "{name} in:\n{text}");
        }
    }

    #[test]
    fn text_has_each_figure_once_and_an_end_mark() {
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
