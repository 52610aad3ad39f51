//! The names of the tables that hold a chain: ours, or one that is staged.

/// What the names of a stage's tables begin with.
pub(crate) const PREFIX: &str = "staged_";

/// The names of the tables that hold a chain.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) blocks: String,
    pub(crate) payments: String,
    pub(crate) signatures: String,
}

impl Tables {
    /// Our own chain's.
    pub(crate) fn ours() -> Self {
        Self { blocks: "blocks".into(), payments: "payments".into(), signatures: "signatures".into() }
    }

    /// A stage's.
    pub(crate) fn staged(id: u64) -> Self {
        let [blocks, payments, signatures] =
            ["blocks", "payments", "signatures"].map(|table| format!("{PREFIX}{id}_{table}"));
        Self { blocks, payments, signatures }
    }
}
