//! Compares the index of payments with its blocks, page by page.

use std::ops::RangeInclusive;

use rusqlite::{Connection, Row};

use super::digest::Digest;
use crate::store::errors::{Finding, StoreError};
use crate::store::index::{Entry, SEGMENT, entry};

/// Bytes of rows read at a time.
const PAGE: usize = 1 << 20;

/// The start of the next page in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    segment: i64,
    /// Rows that end before this block are skipped.
    from: i64,
    /// Address and first block of the last row read.
    after: (i64, i64),
}

impl Position {
    /// The start of a segment.
    pub(crate) fn start(segment: u64) -> Self {
        let segment = i64::try_from(segment).unwrap_or(i64::MAX);
        Self { segment, from: i64::MIN, after: (i64::MIN, i64::MIN) }
    }

    /// The start of a segment, without the rows that end before a block.
    pub(crate) fn with_blocks_from(self, from: u64) -> Self {
        Self { from: i64::try_from(from).unwrap_or(i64::MAX), ..self }
    }
}

/// The entries found in the index.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entries(Digest);

impl Entries {
    /// Compares the entries of all pages with those of their blocks.
    ///
    /// # Errors
    ///
    /// [`Finding::Index`].
    pub(crate) fn compare(self, expected: Digest, blocks: RangeInclusive<u64>) -> Result<(), Finding> {
        let (first, last) = blocks.into_inner();
        let differs = Finding::Index { first, last, expected: expected.entries, found: self.0.entries };
        if self.0 == expected { Ok(()) } else { Err(differs) }
    }
}

/// Reads a page of a segment and adds its entries of the given blocks. Returns the start of the next page.
///
/// # Errors
///
/// [`Finding::IndexRow`] for an inconsistent row.
pub(crate) fn page(
    snapshot: &Connection,
    position: Position,
    blocks: RangeInclusive<u64>,
    found: &mut Entries,
) -> Result<Option<Position>, Finding> {
    let Position { segment, from, mut after } = position;
    let select = "SELECT address, first, last, entries FROM payments
        WHERE segment = ?1 AND (address, first) > (?2, ?3) AND last >= ?4 ORDER BY address, first";
    let mut select = snapshot.prepare_cached(select).map_err(StoreError::from)?;
    let mut rows = select.query((segment, after.0, after.1, from)).map_err(StoreError::from)?;
    let mut bytes = 0;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        let read = IndexRow::read(row)?;
        after = (read.address, read.first);
        bytes += read.entries.len();
        read.add(segment, &blocks, found)?;
        if bytes >= PAGE {
            return Ok(Some(Position { segment, from, after }));
        }
    }
    Ok(None)
}

struct IndexRow<'a> {
    address: i64,
    first: i64,
    last: i64,
    entries: &'a str,
}

impl<'a> IndexRow<'a> {
    fn read(row: &'a Row<'_>) -> Result<Self, StoreError> {
        let entries = row.get_ref(3)?.as_str().unwrap_or_default();
        Ok(Self { address: row.get(0)?, first: row.get(1)?, last: row.get(2)?, entries })
    }

    fn add(self, segment: i64, blocks: &RangeInclusive<u64>, found: &mut Entries) -> Result<(), Finding> {
        let is_within = |height| u64::try_from(height).is_ok_and(|height| blocks.contains(&height));
        // Skip rows of blocks outside the range: before it, or appended since.
        if !is_within(self.first) && !is_within(self.last) && self.is_plausible(segment) {
            return Ok(());
        }
        let entries = entry::parse(self.entries)?;
        if !self.says(segment, &entries) {
            return Err(Finding::IndexRow { segment, address: self.address, first: self.first });
        }
        for entry in entries.iter().filter(|entry| blocks.contains(&entry.0)) {
            found.0.add(self.address, entry);
        }
        Ok(())
    }

    /// Whether the row names blocks of its segment, in order.
    fn is_plausible(&self, segment: i64) -> bool {
        let of_segment = |height: i64| height.div_euclid(SEGMENT as i64) == segment;
        self.first <= self.last && of_segment(self.first) && of_segment(self.last)
    }

    /// Whether the row's range matches its entries.
    fn says(&self, segment: i64, entries: &[Entry]) -> bool {
        let height = |entry: Option<&Entry>| entry.and_then(|entry| i64::try_from(entry.0).ok());
        self.is_plausible(segment)
            && entries.is_sorted_by_key(|entry| entry.0)
            && height(entries.first()) == Some(self.first)
            && height(entries.last()) == Some(self.last)
    }
}

/// Checks that the index has no rows in segments before the chain.
///
/// # Errors
///
/// [`Finding::IndexRow`].
pub(crate) fn nothing_before(snapshot: &Connection) -> Result<(), Finding> {
    let select = "SELECT segment, address, first FROM payments WHERE segment < 0 LIMIT 1";
    let mut select = snapshot.prepare(select).map_err(StoreError::from)?;
    let mut rows = select.query([]).map_err(StoreError::from)?;
    let Some(row) = rows.next().map_err(StoreError::from)? else { return Ok(()) };
    let column = |at| row.get(at).map_err(StoreError::from);
    Err(Finding::IndexRow { segment: column(0)?, address: column(1)?, first: column(2)? })
}

#[cfg(test)]
mod tests;
