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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn askers_are_told_apart_in_the_log() {
        let client = |address: &str| Asker::Client(Some(address.parse().unwrap()));
        for (asker, name, left) in [
            (client("::ffff:10.0.0.7"), "10.0.0.7", "hung up"),
            (Asker::Client(None), "an unknown client", "hung up"),
            (Asker::Node, "the node", "stops"),
        ] {
            assert_eq!((asker.to_string(), asker.left()), (name.to_owned(), left));
        }
    }
}
