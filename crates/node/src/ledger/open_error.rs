//! Why a ledger cannot be opened.

use crate::store::{Finding, StoreError};

/// Why a ledger cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain breaks a rule, and the rule set knows what the owner can do.
    #[error("{finding}; {way_out}")]
    Rules {
        /// The block and the rule.
        finding: Finding,
        /// What the owner can do.
        way_out: &'static str,
    },
    /// The index or the signatures do not belong to the chain.
    #[error(transparent)]
    Index(Finding),
    /// The stored chain was changed.
    #[error(
        "the stored chain is refused: {0}. Every later block builds on the hash of the one before, so no past payment can \
         be changed unseen; restore a backup into a new directory with `node import FILE --data-dir NEW`, or start anew there"
    )]
    Changed(Finding),
}

impl From<Finding> for OpenError {
    fn from(finding: Finding) -> Self {
        if let Some(way_out) = finding.way_out() {
            return Self::Rules { finding, way_out };
        }
        match finding {
            Finding::Store(error) => Self::Store(error),
            Finding::HashCount { .. }
            | Finding::NotIndexed(_)
            | Finding::Index { .. }
            | Finding::IndexRow { .. }
            | Finding::Signature { .. } => Self::Index(finding),
            _ => Self::Changed(finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_store_is_not_called_a_changed_chain() {
        let failed = OpenError::from(Finding::Store(StoreError::Full));
        assert!(matches!(failed, OpenError::Store(StoreError::Full)));
        assert!(matches!(OpenError::from(Finding::Missing(2)), OpenError::Changed(_)));
    }
}
