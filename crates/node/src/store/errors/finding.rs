//! What can be wrong with a stored chain.

use ledger_core::BlockHash;
use ledger_core::seam::StoredError;

use super::store_error::StoreError;

/// The first thing found wrong with a stored chain.
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    /// A row is not there.
    #[error("block {0} is missing, though there are blocks after it")]
    Missing(u64),
    /// The last rows are not there.
    #[error(
        "the index of payments has entries of block {lost}, but the chain ends at {last}: its last blocks are missing"
    )]
    Lost {
        /// The last block that the index knows.
        lost: u64,
        /// The last block there is.
        last: u64,
    },
    /// The last block was changed, and its hash with it.
    #[error(
        "block {height}: its content and its hash were changed after it was written: it hashes to {found}, but the node \
         wrote it as {kept}"
    )]
    Last {
        /// The block.
        height: u64,
        /// The hash that was written.
        kept: String,
        /// The hash of its content.
        found: BlockHash,
    },
    /// The chain ends before the block that was written last.
    #[error(
        "block {sealed} is missing: the node wrote it as the last one, but the chain ends at block {last}"
    )]
    Cut {
        /// The block that was written last.
        sealed: u64,
        /// The last block there is.
        last: u64,
    },
    /// Somebody else wrote blocks.
    #[error("block {last} was added while no node ran: the last block that the node wrote is block {sealed}")]
    Added {
        /// The block that was written last.
        sealed: u64,
        /// The last block there is.
        last: u64,
    },
    /// The index of payments does not belong to the blocks, and nothing tells which of them is right.
    #[error(
        "blocks {first} to {last} and the index of payments do not belong together: one of them was changed after they were \
         written"
    )]
    Unsealed {
        /// The first block that was compared.
        first: u64,
        /// The last block that was compared.
        last: u64,
    },
    /// There are rows that no block can have.
    #[error("there are {found} rows for {expected} blocks")]
    Rows {
        /// How many there should be.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// The index of hashes has not as many entries as there are blocks.
    #[error(
        "the index of block hashes has {found} entries for {expected} blocks; stop the node and make it anew: \
         sqlite3 ledger.db REINDEX"
    )]
    HashCount {
        /// How many blocks there are.
        expected: u64,
        /// How many entries there are.
        found: u64,
    },
    /// A block is not found by its hash.
    #[error(
        "block {0} is not found by its hash: the index of block hashes was changed; stop the node and make it anew: \
         sqlite3 ledger.db REINDEX"
    )]
    NotIndexed(u64),
    /// A block is not the one that was stored, or breaks a rule.
    #[error(transparent)]
    Block(#[from] StoredError),
    /// A block does not name the one before it.
    #[error("block {block}: previous_hash is {found}, but block {} hashes to {expected}", .block - 1)]
    Link {
        /// The block.
        block: u64,
        /// The hash of the block before it.
        expected: BlockHash,
        /// The hash that it names instead.
        found: BlockHash,
    },
    /// The index of payments does not belong to the blocks.
    #[error(
        "the index of payments {}, in blocks {first} to {last}; export the chain and import it into a new directory",
        other_entries(*found, *expected)
    )]
    Index {
        /// The first block that was compared.
        first: u64,
        /// The last block that was compared.
        last: u64,
        /// How many entries the blocks have.
        expected: u64,
        /// How many the index has.
        found: u64,
    },
    /// A row of the index of payments contradicts itself.
    #[error(
        "the index of payments was changed: the row of segment {segment}, address {address}, first {first} does not \
         have the entries that it says; export the chain and import it into a new directory"
    )]
    IndexRow {
        /// The row's segment.
        segment: i64,
        /// The row's key of an address.
        address: i64,
        /// The first block that it names.
        first: i64,
    },
    /// A signature that is kept beside a payment in a block is not that payment's.
    #[error(
        "block {height}: the signature kept beside payment {position} was changed; no reorg can return that payment. Stop \
         the node and remove it: sqlite3 ledger.db \"DELETE FROM signatures WHERE height = {height} AND position = {position}\""
    )]
    Signature {
        /// The block.
        height: u64,
        /// The payment's place in it, from 0.
        position: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the owner of a chain of another rule set can do.
const OTHER_RULES: &str = "was the chain made by other rules? name them with --rules, or begin a new chain by these: \
                           --data-dir with a new directory, or --in-memory";

impl Finding {
    /// What an owner may do whose chain breaks a rule, if the rule set knows.
    pub(crate) fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::Block(StoredError::Rule(violation)) => violation.way_out(),
            Self::Block(StoredError::OtherRules { .. }) => Some(OTHER_RULES),
            _ => None,
        }
    }
}

/// How an index differs from what its blocks ask for.
fn other_entries(found: u64, expected: u64) -> String {
    if found == expected {
        format!("has {found} entries, as the blocks ask for, but not the same ones")
    } else {
        format!("has {found} entries, but the blocks have {expected}")
    }
}
