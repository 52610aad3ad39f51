//! Who a block is mined for. For the log.

use std::fmt;
use std::net::IpAddr;

/// Who requested a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The client at this address, if known.
    Client(Option<IpAddr>),
    /// The node itself, by its settings.
    Node,
}

impl Asker {
    /// Why the block is no longer wanted.
    pub(super) fn left(self) -> &'static str {
        match self {
            Self::Client(_) => "hung up",
            Self::Node => "stops",
        }
    }
}

impl fmt::Display for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(Some(address)) => address.to_canonical().fmt(f),
            Self::Client(None) => f.write_str("an unknown client"),
            Self::Node => f.write_str("the node"),
        }
    }
}
