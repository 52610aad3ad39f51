//! Figures for Prometheus, the answer of `GET /metrics`.
//!
//! - `requests`: requests by route and status, and their latency
//! - `changes`: blocks and reorgs, counted from the ledger's events
//! - `neighbours`: neighbours' answers to requests for their chain
//! - `peers`: traffic and gossip of the peer-to-peer network
//! - `snapshot`: figures read on request
//! - `process`: memory, processor time and files of this process
//! - `metrics`: [`Metrics`], all of them, and their text
//!
//! A counter is an atomic number that its owner increases. Everything else is read on request, so a node that nobody
//! watches pays only for its counters. Label values come from fixed sets: routes, statuses, origins, outcomes.
//!
//! A new figure that is read is a field of [`Snapshot`]. A new counter is a field in one of the files above, with a line
//! in its `register`. Both need a line in `docs/metrics.md`.

mod changes;
#[expect(clippy::module_inception, reason = "the folder and its main type have this name")]
mod metrics;
mod neighbours;
mod peers;
mod process;
mod requests;
mod snapshot;

pub use changes::ChangeMetrics;
pub use metrics::{CONTENT_TYPE, Metrics};
pub use neighbours::NeighbourMetrics;
pub use peers::PeerFigures;
pub use requests::{RequestMetrics, RouteMetrics};
pub use snapshot::{FileSizes, MiningFigures, PoolFigures, Snapshot};
