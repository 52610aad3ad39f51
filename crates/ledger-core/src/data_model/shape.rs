//! What the formats are told to expect, since some write a struct in another way than a map.

/// The most levels of lists and objects that are read or written as values; serde_json stops there too.
pub(super) const MAX_LEVELS: usize = 128;

/// The kind of value that comes next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Block,
    Transactions,
    Transaction,
    /// Any value, as amounts and recipients are.
    Any,
}

impl Shape {
    /// The name and the members of a struct, in the order in which they are written.
    pub(super) fn members(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Block => Some(("Block", &["index", "previous_hash", "proof", "timestamp", "transactions"])),
            Self::Transaction => Some(("Transaction", &["amount", "recipient", "sender"])),
            Self::Transactions | Self::Any => None,
        }
    }

    /// What a member of this name has.
    pub(super) fn member(self, name: &str) -> Self {
        match (self, name) {
            (Self::Block, "transactions") => Self::Transactions,
            _ => Self::Any,
        }
    }

    /// What an element of a list is.
    pub(super) fn element(self) -> Self {
        match self {
            Self::Transactions => Self::Transaction,
            _ => Self::Any,
        }
    }
}
