//! Checking what is stored: that nobody and nothing has changed the chain since it was written.

use ledger_core::{BlockHash, EncodedBlock, Fault, ParseError, Rules, Tip, Verifier};
use rusqlite::Connection;

use super::StoreError;
use super::digest::{self, Digest};
use super::payments;

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
    /// There are rows that no block can have.
    #[error("there are {found} rows for {expected} blocks")]
    Rows {
        /// How many there should be.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// A text is no block.
    #[error("block {height}: its text is {error}")]
    Parse {
        /// The block.
        height: u64,
        /// What is wrong with its text.
        error: ParseError,
    },
    /// A text is not the one that was hashed.
    #[error(
        "block {height}: its content was changed after it was written: \
         it hashes to {found}, but it was stored under {stored}"
    )]
    Hash {
        /// The block.
        height: u64,
        /// The hash it was stored under.
        stored: String,
        /// The hash of its content.
        found: BlockHash,
    },
    /// A text says the same as the one that was hashed, in another layout.
    #[error("block {0}: its text is not in the form in which it was hashed")]
    Form(u64),
    /// The chain breaks a rule.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The index of payments does not belong to the blocks.
    #[error(
        "the index of payments has {found} entries, but the blocks have {expected}, or they differ; \
         export the chain and import it into a new directory"
    )]
    Index {
        /// How many entries the blocks have.
        expected: u64,
        /// How many the index has.
        found: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks that there is one row for each block from 1 on, and answers how many.
///
/// # Errors
///
/// [`Finding::Missing`] or [`Finding::Rows`].
pub(crate) fn structure(snapshot: &Connection) -> Result<u64, Finding> {
    let select = "SELECT count(*), coalesce(min(height), 1), coalesce(max(height), 0) FROM blocks";
    let (rows, first, last): (u64, i64, u64) = snapshot
        .query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(StoreError::from)?;
    if first < 1 || rows > last {
        return Err(Finding::Rows { expected: last, found: rows });
    }
    if rows != last {
        return Err(Finding::Missing(first_gap(snapshot)?));
    }
    match payments::last_block(snapshot, last)? {
        Some(lost) => Err(Finding::Lost { lost, last }),
        None => Ok(last),
    }
}

fn first_gap(snapshot: &Connection) -> Result<u64, StoreError> {
    let select = "SELECT height + 1 FROM (SELECT 0 AS height UNION ALL SELECT height FROM blocks) AS here
        WHERE NOT EXISTS (SELECT 1 FROM blocks WHERE height = here.height + 1) ORDER BY height LIMIT 1";
    Ok(snapshot.query_row(select, [], |row| row.get(0))?)
}

/// Checks some consecutive blocks: their texts, hashes, links and proofs. Answers the digest of what they ask of the index
/// of payments.
///
/// # Errors
///
/// The first [`Finding`].
pub(crate) fn blocks(snapshot: &Connection, rules: Rules, from: u64, to: u64) -> Result<Digest, Finding> {
    let mut verifier = match from {
        1 => Verifier::new(rules),
        _ => Verifier::resume(rules, Tip::of(&at(snapshot, from - 1)?)),
    };
    let mut digest = Digest::default();
    each(snapshot, from, to, |height, stored, text| {
        let block = parse(height, text)?;
        check_text(height, stored, text, &block)?;
        verifier.push_encoded(&block)?;
        digest.add_block(block.block());
        Ok(())
    })?;
    Ok(digest)
}

/// Checks that the index of payments is what the blocks up to a height ask for.
///
/// # Errors
///
/// [`Finding::Index`].
pub(crate) fn index(snapshot: &Connection, to: u64, expected: Digest) -> Result<(), Finding> {
    let found = digest::of_index(snapshot, to)?;
    if found == expected {
        return Ok(());
    }
    Err(Finding::Index { expected: expected.entries, found: found.entries })
}

fn check_text(height: u64, stored: &str, text: &[u8], block: &EncodedBlock) -> Result<(), Finding> {
    if block.hash().to_string() != stored {
        return Err(Finding::Hash { height, stored: stored.to_owned(), found: block.hash() });
    }
    if block.text().as_bytes() == text { Ok(()) } else { Err(Finding::Form(height)) }
}

fn at(snapshot: &Connection, height: u64) -> Result<EncodedBlock, Finding> {
    let mut found = None;
    each(snapshot, height, height, |height, _, text| {
        found = Some(parse(height, text)?);
        Ok(())
    })?;
    found.ok_or(Finding::Missing(height))
}

fn parse(height: u64, text: &[u8]) -> Result<EncodedBlock, Finding> {
    EncodedBlock::from_json(text).map_err(|error| Finding::Parse { height, error })
}

fn each(
    snapshot: &Connection,
    from: u64,
    to: u64,
    mut row: impl FnMut(u64, &str, &[u8]) -> Result<(), Finding>,
) -> Result<(), Finding> {
    let failed = StoreError::from;
    let select = "SELECT height, hash, text FROM blocks WHERE height BETWEEN ?1 AND ?2 ORDER BY height";
    let mut select = snapshot.prepare_cached(select).map_err(failed)?;
    let mut rows = select.query([from, to]).map_err(failed)?;
    while let Some(found) = rows.next().map_err(failed)? {
        let text = found.get_ref(2).map_err(failed)?.as_bytes().unwrap_or_default();
        let hash: String = found.get(1).map_err(failed)?;
        row(found.get(0).map_err(failed)?, &hash, text)?;
    }
    Ok(())
}
