//! Checking what is stored: that nobody and nothing has changed the chain since it was written.

use std::ops::RangeInclusive;

use ledger_core::{BlockHash, EncodedBlock, EncodedView, Fault, ParseError, Rules, Tip, Verifier};
use rusqlite::Connection;

use super::digest::Digest;
use super::keys::Keys;
use super::rows::{Row, Rows};
use super::{StoreError, entry, payments};

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
    // Each by itself, since SQLite answers the first from the pages' heads and the others from the ends of the tree.
    let select = "SELECT (SELECT count(*) FROM blocks), (SELECT coalesce(min(height), 1) FROM blocks),
        (SELECT coalesce(max(height), 0) FROM blocks)";
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

/// Checks some consecutive blocks: their texts, hashes, links and proofs. Answers the digest of what they ask
/// of the index of payments.
///
/// # Errors
///
/// The first [`Finding`].
pub(crate) fn blocks(
    snapshot: &Connection,
    rules: Rules,
    range: RangeInclusive<u64>,
    keys: &mut Keys,
) -> Result<Digest, Finding> {
    let verifier = match *range.start() {
        1 => Verifier::new(rules),
        from => Verifier::resume(rules, at(snapshot, from - 1)?),
    };
    let mut check = Check { verifier, keys, digest: Digest::default() };
    let mut rows = Rows::default();
    let read = each(snapshot, range, |height, stored, text| {
        rows.push(height, stored, text);
        if rows.is_full() { check.take(&mut rows) } else { Ok(()) }
    });
    // The rows before one that cannot be read come first.
    check.take(&mut rows)?;
    read.map(|()| check.digest)
}

/// The check of consecutive blocks, several at a time.
struct Check<'a> {
    verifier: Verifier,
    keys: &'a mut Keys,
    /// What the blocks so far ask of the index of payments.
    digest: Digest,
}

impl Check<'_> {
    /// Checks the next rows, and leaves none of them behind.
    fn take(&mut self, rows: &mut Rows) -> Result<(), Finding> {
        let views = EncodedView::of_canonical_all(&rows.texts());
        let checked = rows.iter().zip(views).try_for_each(|(row, view)| self.row(row, view));
        rows.clear();
        checked
    }

    fn row(&mut self, row: Row<'_>, view: Option<EncodedView<'_>>) -> Result<(), Finding> {
        read(row.height, row.text, view, |block| {
            check_text(row, block)?;
            self.verifier.push_view(block)?;
            entry::each_of(block.block(), self.keys, |address, entry| self.digest.add(address, &entry));
            Ok(())
        })
    }
}

/// Into how many parts the check of the index of payments for so many blocks is cut.
pub(crate) fn index_parts(blocks: u64) -> u64 {
    blocks / payments::SEGMENT + 1
}

/// The digest of a part of the index of payments for the blocks up to a height, parts counting from 0. All
/// parts together must be what the blocks ask for.
///
/// # Errors
///
/// [`StoreError`] for an index that cannot be read.
pub(crate) fn index(snapshot: &Connection, part: u64, to: u64) -> Result<Digest, StoreError> {
    let segment = i64::try_from(part).unwrap_or(i64::MAX);
    // Rows of segments that no block is in belong to the parts at the edges.
    let first = if part == 0 { i64::MIN } else { segment };
    let last = if part + 1 >= index_parts(to) { i64::MAX } else { segment };
    payments::digest(snapshot, first..=last, to)
}

fn check_text(row: Row<'_>, block: &EncodedView<'_>) -> Result<(), Finding> {
    let Row { height, stored, text } = row;
    if block.hash().to_hex() != stored.as_bytes() {
        return Err(Finding::Hash { height, stored: stored.to_owned(), found: block.hash() });
    }
    let found = block.text().as_bytes();
    if std::ptr::eq(found, text) || found == text { Ok(()) } else { Err(Finding::Form(height)) }
}

/// The block at a height, as what the next one must refer to.
fn at(snapshot: &Connection, height: u64) -> Result<Tip, Finding> {
    let mut found = None;
    each(snapshot, height..=height, |height, _, text| {
        read(height, text, EncodedView::of_canonical(text), |block| {
            found = Some(Tip::of_view(block));
            Ok(())
        })
    })?;
    found.ok_or(Finding::Missing(height))
}

/// Hands on a stored text's block: as it was read in place, or else whatever block it is.
fn read(
    height: u64,
    text: &[u8],
    view: Option<EncodedView<'_>>,
    block: impl FnOnce(&EncodedView<'_>) -> Result<(), Finding>,
) -> Result<(), Finding> {
    if let Some(view) = view {
        return block(&view);
    }
    let read = EncodedBlock::from_json(text).map_err(|error| Finding::Parse { height, error })?;
    block(&(&read).into())
}

fn each(
    snapshot: &Connection,
    range: RangeInclusive<u64>,
    mut row: impl FnMut(u64, &str, &[u8]) -> Result<(), Finding>,
) -> Result<(), Finding> {
    let failed = StoreError::from;
    let select = "SELECT height, hash, text FROM blocks WHERE height BETWEEN ?1 AND ?2 ORDER BY height";
    let mut select = snapshot.prepare_cached(select).map_err(failed)?;
    let mut rows = select.query([range.start(), range.end()]).map_err(failed)?;
    while let Some(found) = rows.next().map_err(failed)? {
        let text = found.get_ref(2).map_err(failed)?.as_bytes().unwrap_or_default();
        let hash = found.get_ref(1).map_err(failed)?.as_str().unwrap_or_default();
        row(found.get(0).map_err(failed)?, hash, text)?;
    }
    Ok(())
}
