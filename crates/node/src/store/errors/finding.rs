//! What can be wrong with a stored chain.

use ledger_core::BlockHash;
use ledger_core::seam::StoredError;

use super::store_error::StoreError;

/// The first error in a stored chain.
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    /// A row is missing.
    #[error("block {0} is missing, though there are blocks after it")]
    Missing(u64),
    /// The last rows are missing.
    #[error(
        "the index of payments has entries of block {lost}, but the chain ends at {last}: its last blocks are missing"
    )]
    Lost {
        /// The last block in the index.
        lost: u64,
        /// The last block in the chain.
        last: u64,
    },
    /// The last block was changed together with its hash.
    #[error(
        "block {height}: its content and its hash were changed: it hashes to {found}, but the node wrote {kept}"
    )]
    Last {
        /// The block.
        height: u64,
        /// The hash that was written.
        kept: String,
        /// The hash of its content.
        found: BlockHash,
    },
    /// The chain ends before its sealed last block.
    #[error(
        "block {sealed} is missing: the node wrote it as the last one, but the chain ends at block {last}"
    )]
    Cut {
        /// The sealed last block.
        sealed: u64,
        /// The last block in the chain.
        last: u64,
    },
    /// Another program appended blocks.
    #[error("block {last} was added while no node ran: the last block that the node wrote is block {sealed}")]
    Added {
        /// The sealed last block.
        sealed: u64,
        /// The last block in the chain.
        last: u64,
    },
    /// Index and blocks do not match, and nothing tells which of them was changed.
    #[error(
        "blocks {first} to {last} and the index of payments do not match: one of them was changed after the node wrote it"
    )]
    Unsealed {
        /// The first block compared.
        first: u64,
        /// The last block compared.
        last: u64,
    },
    /// There are surplus rows.
    #[error("there are {found} rows for {expected} blocks")]
    Rows {
        /// Expected number.
        expected: u64,
        /// Actual number.
        found: u64,
    },
    /// The number of entries in the index of hashes is wrong.
    #[error(
        "the index of block hashes has {found} entries for {expected} blocks; stop the node and rebuild it: \
         sqlite3 ledger.db REINDEX"
    )]
    HashCount {
        /// Number of blocks.
        expected: u64,
        /// Number of entries.
        found: u64,
    },
    /// A block is not found by its hash.
    #[error(
        "block {0} is not found by its hash: the index of block hashes was changed; stop the node and rebuild it: \
         sqlite3 ledger.db REINDEX"
    )]
    NotIndexed(u64),
    /// A block was changed, or breaks a rule.
    #[error(transparent)]
    Block(#[from] StoredError),
    /// A block does not link to the one before it.
    #[error("block {block}: previous_hash is {found}, but block {} hashes to {expected}", .block - 1)]
    Link {
        /// The block.
        block: u64,
        /// The hash of the block before it.
        expected: BlockHash,
        /// The hash that it names.
        found: BlockHash,
    },
    /// The index of payments does not match the blocks.
    #[error(
        "the index of payments for blocks {first} to {last} {}; export the chain and import it into a new directory",
        other_entries(*found, *expected)
    )]
    Index {
        /// The first block compared.
        first: u64,
        /// The last block compared.
        last: u64,
        /// Number of entries that the blocks require.
        expected: u64,
        /// Number of entries in the index.
        found: u64,
    },
    /// A row of the index is inconsistent.
    #[error(
        "the index of payments was changed: the row of segment {segment}, address {address}, first {first} does not \
         match its entries; export the chain and import it into a new directory"
    )]
    IndexRow {
        /// The row's segment.
        segment: i64,
        /// The row's address key.
        address: i64,
        /// The row's first block.
        first: i64,
    },
    /// A kept signature does not belong to its payment.
    #[error(
        "block {height}: the signature kept beside payment {position} was changed; no reorg can return that payment; stop \
         the node and remove it: sqlite3 ledger.db \"DELETE FROM signatures WHERE height = {height} AND position = {position}\""
    )]
    Signature {
        /// The block.
        height: u64,
        /// The payment's position in it, from 0.
        position: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the owner of a chain made by other rules can do.
const OTHER_RULES: &str = "was the chain made by other rules? name them with --rules, or begin a new chain by these: \
                           --data-dir with a new directory, or --in-memory";

impl Finding {
    /// What the owner can do about a broken rule, or about a chain of other rules.
    pub(crate) fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::Block(StoredError::Rule(violation)) => violation.way_out(),
            Self::Block(StoredError::OtherRules { .. }) => Some(OTHER_RULES),
            _ => None,
        }
    }
}

/// How an index differs from its blocks.
fn other_entries(found: u64, expected: u64) -> String {
    if found == expected {
        format!("has {found} entries, as many as the blocks require, but different ones")
    } else {
        format!("has {found} entries, but the blocks have {expected}")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ledger_core::{Difficulty, Height, ParseError, RuleViolation};

    use super::*;

    #[test]
    fn some_findings_have_a_way_out() {
        let error = ParseError::Missing { of: "a block", name: "index" };
        let other = StoredError::OtherRules { height: Height::GENESIS, error };
        assert!(Finding::from(other).way_out().unwrap().contains("--rules"));
        let (guess, difficulty) = (BlockHash::of_text("a guess"), Difficulty::default());
        let unproved = Arc::new(RuleViolation::Proof { block: 2, proof: 1, guess, difficulty });
        assert!(Finding::from(StoredError::Rule(unproved)).way_out().unwrap().contains("--difficulty"));
        let empty = Arc::new(RuleViolation::Empty);
        assert_eq!(Finding::from(StoredError::Rule(empty)).way_out(), None);
        assert_eq!(Finding::from(StoredError::Form(Height::GENESIS)).way_out(), None);
    }

    #[test]
    fn different_index_is_reported_with_both_numbers() {
        let text = |expected, found| Finding::Index { first: 1, last: 9, expected, found }.to_string();
        assert!(text(5, 7).contains("has 7 entries, but the blocks have 5"));
        assert!(text(5, 5).contains("has 5 entries, as many as the blocks require, but different ones"));
    }
}
