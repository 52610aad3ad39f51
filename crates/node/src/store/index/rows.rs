//! Rows of the index of payments, written in the same transactions as the blocks.
//!
//! Blocks that are written together share rows: a row lists all their entries of one address. If two addresses
//! share a key, their rows have one block each, and a row with entries of both lists them backwards: readers then
//! check the payments (`owner`).

use std::cmp::Reverse;
use std::ops::Range;

use rusqlite::Connection;

use super::entry::{self, Entry};
use super::keys::Key;
use crate::store::errors::StoreError;

/// Blocks per segment of the index.
pub(crate) const SEGMENT: u64 = 4096;

/// Number of entries from which a row takes no further block. That many fit on a page; SQLite copies a longer row each
/// time it compares its key.
const LONG: usize = 256;

/// Index rows for blocks that are written together. Each lists all entries of one address.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<IndexRow>,
    /// The rows' lists, one after another.
    lists: String,
}

#[derive(Debug)]
struct IndexRow {
    segment: u64,
    address: i64,
    first: u64,
    last: u64,
    /// End of the row's list.
    end: usize,
}

impl Rows {
    /// Builds rows from entries with their keys, given in block order. Reorders the entries.
    pub(crate) fn new(entries: &mut [(Key, Entry)]) -> Self {
        let place = |(key, entry): &(Key, Entry)| (entry.0 / SEGMENT, key.index);
        // Sort by block within an address, and in place: a stable sort takes half as much memory again.
        entries.sort_unstable_by_key(|entry| (place(entry), entry.1.0, entry.1.1));
        let (mut rows, mut lists) = (Vec::new(), Vec::new());
        for chunk in entries.chunk_by_mut(|one, next| place(one) == place(next)) {
            if is_mixed(chunk) {
                for block in chunk.chunk_by_mut(|one, next| one.1.0 == next.1.0) {
                    if is_mixed(block) {
                        block.sort_unstable_by_key(|(_, entry)| Reverse((entry.1, entry.2)));
                    }
                    rows.push(IndexRow::new(block, &mut lists));
                }
            } else {
                rows.extend(cut(chunk).map(|row| IndexRow::new(row, &mut lists)));
            }
        }
        Self { rows, lists: String::from_utf8(lists).expect("JSON is UTF-8") }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Inserts some of the rows into an index.
    pub(crate) fn insert(
        &self,
        connection: &Connection,
        table: &str,
        which: Range<usize>,
    ) -> Result<(), StoreError> {
        let insert = format!(
            "INSERT INTO {table} (segment, address, first, last, entries) VALUES (?1, ?2, ?3, ?4, ?5)"
        );
        let mut insert = connection.prepare_cached(&insert)?;
        let mut begin = which.start.checked_sub(1).map_or(0, |before| self.rows[before].end);
        for IndexRow { segment, address, first, last, end } in &self.rows[which] {
            insert.execute((segment, address, first, last, &self.lists[begin..*end]))?;
            begin = *end;
        }
        Ok(())
    }
}

impl IndexRow {
    /// Makes a row of some entries of one key. Appends its list to `lists`.
    fn new(entries: &[(Key, Entry)], lists: &mut Vec<u8>) -> Self {
        let height = |entry: Option<&(Key, Entry)>| entry.map_or(0, |(_, entry)| entry.0);
        let (first, last) = (height(entries.first()), height(entries.last()));
        let address = entries.first().map_or(0, |(key, _)| key.index);
        entry::write(lists, entries.iter().map(|(_, entry)| entry));
        Self { segment: first / SEGMENT, address, first, last, end: lists.len() }
    }
}

/// Whether entries of one key belong to several addresses.
fn is_mixed(entries: &[(Key, Entry)]) -> bool {
    entries.windows(2).any(|pair| pair[0].0.rest != pair[1].0.rest)
}

/// Splits the entries of an address into rows. Never splits a block, since a row's key contains its first block.
fn cut(mut entries: &[(Key, Entry)]) -> impl Iterator<Item = &[(Key, Entry)]> {
    std::iter::from_fn(move || {
        let height = |(_, entry): &(Key, Entry)| entry.0;
        let last = height(entries.get(LONG.min(entries.len()).checked_sub(1)?)?);
        let (row, rest) = entries.split_at(entries.partition_point(|entry| height(entry) <= last));
        entries = rest;
        Some(row)
    })
}

/// Removes the entries of all blocks after a height.
pub(crate) fn delete_after(connection: &Connection, height: u64) -> Result<(), StoreError> {
    let segment = height / SEGMENT;
    connection.execute("DELETE FROM payments WHERE segment > ?1", [segment])?;
    connection.execute("DELETE FROM payments WHERE segment = ?1 AND first > ?2", [segment, height])?;
    trim(connection, height)
}

/// A row's key: segment, address and first block.
pub(crate) type RowKey = (u64, i64, u64);

/// Copies the next rows after a key, from segments before `segment`. Returns the key of the last one, or `None` if there
/// are no more. Copies at most `rows` rows, and stops at `bytes`, which only the last row may exceed.
pub(crate) fn copy(
    connection: &Connection,
    to: &str,
    after: RowKey,
    segment: u64,
    (rows, bytes): (u32, u64),
) -> Result<Option<RowKey>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT segment, address, first, octet_length(entries) FROM payments
         WHERE (segment, address, first) > (?1, ?2, ?3) AND segment < ?4 ORDER BY segment, address, first LIMIT ?5",
    )?;
    let mut found = select.query((after.0, after.1, after.2, segment, rows))?;
    let (mut last, mut size) = (None, 0);
    while let Some(row) = found.next()?
        && size < bytes
    {
        last = Some((row.get(0)?, row.get(1)?, row.get(2)?));
        size += row.get::<_, u64>(3)?;
    }
    let Some(until) = last else { return Ok(None) };
    let copy = format!(
        "INSERT INTO {to} SELECT * FROM payments
         WHERE (segment, address, first) > (?1, ?2, ?3) AND (segment, address, first) <= (?4, ?5, ?6)"
    );
    connection.execute(&copy, (after.0, after.1, after.2, until.0, until.1, until.2))?;
    Ok(Some(until))
}

/// Removes the entries of blocks after a height from rows that have earlier ones, too.
fn trim(connection: &Connection, height: u64) -> Result<(), StoreError> {
    let segment = height / SEGMENT;
    // Only rows of this segment can have both.
    let mut select = connection.prepare(
        "SELECT address, first, entries FROM payments WHERE segment = ?1 AND first <= ?2 AND last > ?2",
    )?;
    let rows = select.query_map((segment, height), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows = rows.collect::<Result<Vec<(i64, u64, String)>, _>>()?;
    let mut update = connection.prepare(
        "UPDATE payments SET last = ?4, entries = ?5 WHERE segment = ?1 AND address = ?2 AND first = ?3",
    )?;
    for (address, first, entries) in rows {
        let mut kept = entry::parse(&entries)?;
        kept.retain(|entry| entry.0 <= height);
        let mut list = Vec::new();
        entry::write(&mut list, &kept);
        let list = String::from_utf8(list).expect("JSON is UTF-8");
        update.execute((segment, address, first, kept.last().map_or(first, |entry| entry.0), list))?;
    }
    Ok(())
}

/// The last block with entries in the index, if it is after a height.
pub(crate) fn last_block(snapshot: &Connection, height: u64) -> Result<Option<u64>, StoreError> {
    let select = "SELECT max(last) FROM payments WHERE segment >= ?1 AND last > ?2";
    Ok(snapshot.query_row(select, [height / SEGMENT, height], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_busy_address_are_split_between_blocks() {
        let entry = |height, position| (Key { index: 7, rest: 0 }, Entry(height, position, 1, None));
        let block = LONG as u64 + 44;
        let mut entries: Vec<_> = (1..=600).map(|height| entry(height, 0)).collect();
        entries.extend((0..block).map(|position| entry(601, position)));
        entries.extend([entry(602, 0), entry(SEGMENT, 0)]);
        let rows = Rows::new(&mut entries);
        let found: Vec<_> = rows.rows.iter().map(|row| (row.segment, row.first, row.last)).collect();
        assert_eq!(found, [(0, 1, 256), (0, 257, 512), (0, 513, 601), (0, 602, 602), (1, SEGMENT, SEGMENT)]);
        let mut begin = 0;
        let mut listed = Vec::new();
        for row in &rows.rows {
            listed.extend(entry::parse(&rows.lists[begin..row.end]).unwrap());
            begin = row.end;
        }
        assert_eq!(listed, entries.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>());
    }
}
