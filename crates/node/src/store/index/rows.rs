//! Which payments concern an address: an index beside the blocks, kept by the same transactions.
//!
//! Blocks that are written together share rows: a row lists all entries of one address among them. Where two addresses share
//! a key, rows of theirs have one block each, and one with entries of both lists them backwards: readers ask the payments
//! themselves whose they are (`owner`).

use std::cmp::Reverse;
use std::ops::Range;

use rusqlite::Connection;

use super::entry::{self, Entry};
use super::keys::Key;
use crate::store::errors::StoreError;

/// How many blocks share a segment of the index.
pub(crate) const SEGMENT: u64 = 4096;

/// From how many entries on a row takes no further block. SQLite copies a row that does not fit a page whenever it compares
/// the row's key, and so many fit.
const LONG: usize = 256;

/// The rows of the index for blocks that are written together: each lists all entries of one address among them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    /// The rows' lists, one behind the other.
    lists: String,
}

#[derive(Debug)]
struct Row {
    segment: u64,
    address: i64,
    first: u64,
    last: u64,
    /// Where the row's list ends.
    end: usize,
}

impl Rows {
    /// The rows of some entries, each with its address's key, in the blocks' order; the entries are put in another.
    pub(crate) fn new(entries: &mut [(Key, Entry)]) -> Self {
        let place = |(key, entry): &(Key, Entry)| (entry.0 / SEGMENT, key.index);
        // In order of the blocks within an address, and in place: a stable sort takes half as much memory again.
        entries.sort_unstable_by_key(|entry| (place(entry), entry.1.0, entry.1.1));
        let (mut rows, mut lists) = (Vec::new(), Vec::new());
        for chunk in entries.chunk_by_mut(|one, next| place(one) == place(next)) {
            if is_mixed(chunk) {
                for block in chunk.chunk_by_mut(|one, next| one.1.0 == next.1.0) {
                    if is_mixed(block) {
                        block.sort_unstable_by_key(|(_, entry)| Reverse((entry.1, entry.2)));
                    }
                    rows.push(Row::new(block, &mut lists));
                }
            } else {
                rows.extend(cut(chunk).map(|row| Row::new(row, &mut lists)));
            }
        }
        Self { rows, lists: String::from_utf8(lists).expect("JSON is UTF-8") }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds some of the rows to an index.
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
        for Row { segment, address, first, last, end } in &self.rows[which] {
            insert.execute((segment, address, first, last, &self.lists[begin..*end]))?;
            begin = *end;
        }
        Ok(())
    }
}

impl Row {
    /// A row of some entries of one key, whose list is added to the others.
    fn new(entries: &[(Key, Entry)], lists: &mut Vec<u8>) -> Self {
        let height = |entry: Option<&(Key, Entry)>| entry.map_or(0, |(_, entry)| entry.0);
        let (first, last) = (height(entries.first()), height(entries.last()));
        let address = entries.first().map_or(0, |(key, _)| key.index);
        entry::write(lists, entries.iter().map(|(_, entry)| entry));
        Self { segment: first / SEGMENT, address, first, last, end: lists.len() }
    }
}

/// Whether entries of one key are those of several addresses.
fn is_mixed(entries: &[(Key, Entry)]) -> bool {
    entries.windows(2).any(|pair| pair[0].0.rest != pair[1].0.rest)
}

/// Cuts the entries of an address into rows. A block is not cut, since a row is known by its first block.
fn cut(mut entries: &[(Key, Entry)]) -> impl Iterator<Item = &[(Key, Entry)]> {
    std::iter::from_fn(move || {
        let height = |(_, entry): &(Key, Entry)| entry.0;
        let last = height(entries.get(LONG.min(entries.len()).checked_sub(1)?)?);
        let (row, rest) = entries.split_at(entries.partition_point(|entry| height(entry) <= last));
        entries = rest;
        Some(row)
    })
}

/// Removes the entries of all blocks after a height from our index.
pub(crate) fn delete_after(connection: &Connection, height: u64) -> Result<(), StoreError> {
    let segment = height / SEGMENT;
    connection.execute("DELETE FROM payments WHERE segment > ?1", [segment])?;
    connection.execute("DELETE FROM payments WHERE segment = ?1 AND first > ?2", [segment, height])?;
    trim(connection, height)
}

/// What a row is known by: segment, address and first block.
pub(crate) type RowKey = (u64, i64, u64);

/// Copies some of our rows after a key that are in the segments before one, and answers the key of the last; none if there
/// are no more. They are at most so many rows, and so many bytes and one row more.
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

/// Removes the entries of blocks after a height from our rows that have earlier ones too.
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

/// The last block that our index has entries of, if it is after a height.
pub(crate) fn last_block(snapshot: &Connection, height: u64) -> Result<Option<u64>, StoreError> {
    let select = "SELECT max(last) FROM payments WHERE segment >= ?1 AND last > ?2";
    Ok(snapshot.query_row(select, [height / SEGMENT, height], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_busy_address_are_cut_between_blocks() {
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
