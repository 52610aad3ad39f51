//! Why a ledger cannot be opened.

use ledger_core::Fault;

use crate::store::{Finding, StoreError};

/// Why a ledger cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain is valid at another difficulty only.
    #[error(
        "{0}; was the chain mined at another difficulty? name that with --difficulty, or begin a new chain at this one: \
         --data-dir with a new directory, or --in-memory"
    )]
    Difficulty(Finding),
    /// What stands beside the chain does not belong to it.
    #[error(transparent)]
    Index(Finding),
    /// The chain is not what was written.
    #[error(
        "the stored chain is refused: {0}. Every later block builds on the hash of the one before, so no past payment can \
         be changed unseen; restore a backup into a new directory with `node import FILE --data-dir NEW`, or start anew there"
    )]
    Changed(Finding),
}

impl From<Finding> for OpenError {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Store(error) => Self::Store(error),
            Finding::Fault(Fault::Proof { .. }) => Self::Difficulty(finding),
            Finding::HashCount { .. }
            | Finding::NotIndexed(_)
            | Finding::Index { .. }
            | Finding::IndexRow { .. }
            | Finding::Signature { .. } => Self::Index(finding),
            _ => Self::Changed(finding),
        }
    }
}
