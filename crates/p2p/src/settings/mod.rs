//! What a node's network is told at its start.

mod address;
mod limits;
mod values;

pub use address::{InvalidAddress, parse_address};
pub use limits::{GossipLimits, Limits, PeerLimits, SyncLimits};
pub use values::{Settings, Transport};
