//! Figures read on request.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::PeerFigures;

/// The node at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The name of the rule set.
    pub rules: &'static str,
    /// Blocks in our chain.
    pub height: u64,
    /// Whether the ledger takes changes.
    pub takes_changes: bool,
    /// The payments that wait for a block.
    pub pool: PoolFigures,
    /// Registered neighbours.
    pub neighbours: usize,
    /// The peer-to-peer network, if it answered.
    pub peers: Option<PeerFigures>,
    /// The search for proofs.
    pub mining: MiningFigures,
    /// Open connections of clients.
    pub connections: usize,
    /// Sizes of the files, if they could be read.
    pub files: Option<FileSizes>,
}

/// The payments that wait for a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolFigures {
    /// Their number.
    pub payments: usize,
    /// Their bytes.
    pub bytes: usize,
    /// The bytes that may wait.
    pub limit: usize,
}

/// The search for proofs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MiningFigures {
    /// Whether one runs.
    pub is_running: bool,
    /// Requests in the queue.
    pub waiting: usize,
    /// Proofs tried since the start.
    pub tries: u64,
    /// Proofs tried a second by the search that runs, 0 without one.
    pub rate: u64,
}

/// Sizes in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileSizes {
    /// The database.
    pub database: u64,
    /// Its write-ahead log.
    pub log: u64,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
    rules: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct File {
    file: &'static str,
}

impl Snapshot {
    pub(super) fn register(self, registry: &mut Registry) {
        let build = Info::new(Build { version: env!("CARGO_PKG_VERSION"), rules: self.rules });
        registry.register("build", "Version of the node, and its rule set", build);
        gauge(registry, "height", "Blocks in our chain", self.height);
        let changes = "1 if the ledger takes changes, 0 if its files were damaged or moved";
        gauge(registry, "takes_changes", changes, u64::from(self.takes_changes));
        gauge(registry, "neighbours", "Registered neighbours", self.neighbours as u64);
        gauge(registry, "http_connections", "Open connections of clients", self.connections as u64);
        self.pool.register(registry);
        self.mining.register(registry);
        if let Some(peers) = self.peers {
            peers.register(registry.sub_registry_with_prefix("p2p"));
        }
        if let Some(files) = self.files {
            files.register(registry);
        }
    }
}

impl PoolFigures {
    fn register(self, registry: &mut Registry) {
        gauge(registry, "pool_payments", "Payments that wait for a block", self.payments as u64);
        bytes(registry, "pool", "Bytes of these payments", self.bytes as u64);
        bytes(registry, "pool_limit", "Bytes of payments that may wait", self.limit as u64);
    }
}

impl MiningFigures {
    fn register(self, registry: &mut Registry) {
        gauge(registry, "mining", "1 while a search for a proof runs, else 0", u64::from(self.is_running));
        gauge(registry, "mining_waiting", "Requests that wait to mine", self.waiting as u64);
        registry.register("mining_tries", "Proofs tried", ConstCounter::new(self.tries));
        let rate = "Proofs tried a second by the search that runs, 0 without one";
        gauge(registry, "mining_tries_per_second", rate, self.rate);
    }
}

impl FileSizes {
    fn register(self, registry: &mut Registry) {
        let sizes = Family::<File, Gauge>::default();
        for (file, size) in [("database", self.database), ("log", self.log)] {
            sizes.get_or_create(&File { file }).set(i64::try_from(size).unwrap_or(i64::MAX));
        }
        registry.register_with_unit(
            "file",
            "Size of the database and its write-ahead log",
            Unit::Bytes,
            sizes,
        );
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstGauge::new(value));
}

fn bytes(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register_with_unit(name, help, Unit::Bytes, ConstGauge::new(value));
}
