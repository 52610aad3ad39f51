//! For whom a block is mined, for the log.

use std::fmt;
use std::net::IpAddr;

/// Who asked for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A client at this address, as far as it is known.
    Client(Option<IpAddr>),
    /// The node itself, which was told to mine.
    Node,
}

impl Asker {
    /// Why nobody waits for a block any more.
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
