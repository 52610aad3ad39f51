//! The names of the tables that hold a chain: ours, or one that is staged.

/// What the names of a stage's tables begin with.
pub(crate) const PREFIX: &str = "staged_";

/// The names of the tables that hold a chain.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) blocks: String,
    pub(crate) payments: String,
    pub(crate) signatures: String,
    pub(crate) states: String,
    /// The entries of a stage's index of hashes, until it is declared.
    pub(crate) hashes: String,
}

impl Tables {
    /// Our own chain's.
    pub(crate) fn ours() -> Self {
        Self::named(str::to_owned)
    }

    /// A stage's.
    pub(crate) fn staged(id: u64) -> Self {
        Self::named(|table| format!("{PREFIX}{id}_{table}"))
    }

    fn named(name: impl Fn(&str) -> String) -> Self {
        Self {
            blocks: name("blocks"),
            payments: name("payments"),
            signatures: name("signatures"),
            states: name("states"),
            hashes: name("hashes"),
        }
    }
}
