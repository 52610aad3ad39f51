//! The configuration of a node's network.

mod address;
mod limits;
mod values;

pub use address::{InvalidAddress, parse_address};
pub use limits::{GossipLimits, Limits, PeerLimits, SyncLimits};
pub use values::{Link, Settings, Transport};
