//! The types that we announce to formats: some write a struct differently from a map.

/// Maximum nesting of lists and objects that are read or written as values; serde_json has the same limit.
pub(super) const MAX_LEVELS: usize = 128;

/// The type of the next value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Block,
    Transactions,
    Transaction,
    /// Any value, such as an amount or a recipient.
    Any,
}

impl Shape {
    /// The name and the members of a struct, in the order of writing.
    pub(super) fn members(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Block => Some(("Block", &["index", "previous_hash", "proof", "timestamp", "transactions"])),
            Self::Transaction => Some(("Transaction", &["amount", "recipient", "sender"])),
            Self::Transactions | Self::Any => None,
        }
    }

    /// The type of a member.
    pub(super) fn member(self, name: &str) -> Self {
        match (self, name) {
            (Self::Block, "transactions") => Self::Transactions,
            _ => Self::Any,
        }
    }

    /// The type of a list's elements.
    pub(super) fn element(self) -> Self {
        match self {
            Self::Transactions => Self::Transaction,
            _ => Self::Any,
        }
    }
}
