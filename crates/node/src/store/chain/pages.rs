//! Reads blocks' texts in pages. No page is much longer than requested, however long a block is.

use std::ops::ControlFlow;

use rusqlite::{Connection, MAIN_DB, OptionalExtension};

use crate::store::errors::StoreError;

/// A position in the texts of consecutive blocks, joined by commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// The height of the first block of all.
    first: u64,
    /// The height of the next block.
    height: u64,
    /// Bytes of its text that were read.
    offset: usize,
}

/// A part of the texts.
#[derive(Debug)]
pub(crate) struct Page {
    /// The bytes.
    pub(crate) texts: Vec<u8>,
    /// The number of blocks that end in this page.
    pub(crate) blocks: u64,
    /// Where the next page begins.
    pub(crate) next: Position,
}

impl Position {
    /// Before the block at a height.
    pub(crate) fn before(height: u64) -> Self {
        Self { first: height, height, offset: 0 }
    }

    /// The height of the next block.
    pub(crate) fn height(&self) -> u64 {
        self.height
    }
}

/// Reads pages of about `bytes`, from a position up to the block `last`, until `page` breaks.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn read(
    snapshot: &Connection,
    from: Position,
    last: u64,
    bytes: usize,
    mut page: impl FnMut(Page) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    // Do not select long texts: SQLite would load them as a whole.
    let select =
        "SELECT height, octet_length(text), CASE WHEN octet_length(text) <= ?3 THEN text END FROM blocks
        WHERE height BETWEEN ?1 AND ?2 ORDER BY height";
    let mut select = snapshot.prepare_cached(select)?;
    let mut rows = select.query((height(from.height), height(last), bytes))?;
    let mut filling = Filling { page: Page { texts: Vec::new(), blocks: 0, next: from }, bytes };
    while let Some(row) = rows.next()? {
        let (height, length) = (row.get(0)?, row.get(1)?);
        let text = row.get_ref(2)?.as_bytes_or_null();
        let text = text.map_err(|error| StoreError::damaged_by(format!("block {height}"), error))?;
        let flow = match text {
            Some(text) => filling.take_whole(height, text, &mut page),
            None => filling.take_parts(snapshot, height, length, &mut page)?,
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    if !filling.page.texts.is_empty() {
        let _ = page(filling.page);
    }
    Ok(())
}

/// At most the first `most` bytes of a block's text; `None` if there is no such block. Reads a blob, since SQL would load the
/// whole text.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn beginning(snapshot: &Connection, at: u64, most: usize) -> Result<Option<Vec<u8>>, StoreError> {
    part(snapshot, at, 0, most)
}

/// At most `most` bytes of a block's text from `offset` on; `None` if there is no such block.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(crate) fn part(
    snapshot: &Connection,
    at: u64,
    offset: usize,
    most: usize,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut select = snapshot.prepare_cached("SELECT octet_length(text) FROM blocks WHERE height = ?1")?;
    let length: Option<usize> = select.query_row([height(at)], |row| row.get(0)).optional()?;
    let Some(length) = length else { return Ok(None) };
    let offset = offset.min(length);
    let mut text = vec![0; (length - offset).min(most)];
    snapshot.blob_open(MAIN_DB, c"blocks", c"text", height(at), true)?.read_at_exact(&mut text, offset)?;
    Ok(Some(text))
}

/// A height as an integer of SQLite.
fn height(height: u64) -> i64 {
    i64::try_from(height).unwrap_or(i64::MAX)
}

/// A page that is being filled.
struct Filling {
    page: Page,
    bytes: usize,
}

impl Filling {
    /// Adds the rest of a text that fits into a page.
    fn take_whole(
        &mut self,
        height: u64,
        text: &[u8],
        page: &mut impl FnMut(Page) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.separate(height);
        let offset = self.offset(height).min(text.len());
        self.page.texts.extend_from_slice(&text[offset..]);
        self.end_of(height);
        self.hand_over(page)
    }

    /// Adds a long text part by part.
    fn take_parts(
        &mut self,
        snapshot: &Connection,
        height: u64,
        length: usize,
        page: &mut impl FnMut(Page) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, StoreError> {
        self.separate(height);
        let blob = snapshot.blob_open(MAIN_DB, c"blocks", c"text", self::height(height), true)?;
        let mut offset = self.offset(height);
        while offset < length {
            let begin = self.page.texts.len();
            let part = self.bytes.saturating_sub(begin).clamp(1, length - offset);
            self.page.texts.resize(begin + part, 0);
            blob.read_at_exact(&mut self.page.texts[begin..], offset)?;
            offset += part;
            self.page.next = Position { height, offset, ..self.page.next };
            if offset == length {
                self.end_of(height);
            }
            if self.hand_over(page).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Bytes of a block's text that were read before.
    fn offset(&self, height: u64) -> usize {
        let next = &self.page.next;
        if next.height == height { next.offset } else { 0 }
    }

    /// Adds the separator before a text, except before the first one.
    fn separate(&mut self, height: u64) {
        if height != self.page.next.first && self.offset(height) == 0 {
            self.page.texts.extend_from_slice(b", ");
        }
    }

    fn end_of(&mut self, height: u64) {
        self.page.blocks += 1;
        self.page.next = Position { height: height + 1, offset: 0, ..self.page.next };
    }

    fn hand_over(&mut self, page: &mut impl FnMut(Page) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.page.texts.len() < self.bytes {
            return ControlFlow::Continue(());
        }
        let next =
            Page { texts: Vec::with_capacity(self.bytes + self.bytes / 4), blocks: 0, next: self.page.next };
        page(std::mem::replace(&mut self.page, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layout::schema;

    const TEXTS: [&str; 5] = ["one", "a long text of two lines", "three", "", "five"];

    fn blocks() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::create(&mut connection).unwrap();
        for (height, text) in (1..).zip(TEXTS) {
            let insert = "INSERT INTO blocks (height, hash, text) VALUES (?1, ?1, ?2)";
            connection.execute(insert, (height, text)).unwrap();
        }
        connection
    }

    /// Reads all pages from a position on. Returns their texts joined, the number of blocks, and where each next page begins.
    fn rest(connection: &Connection, from: Position, bytes: usize) -> (String, u64, Vec<Position>) {
        let (mut texts, mut blocks, mut positions) = (Vec::new(), 0, Vec::new());
        read(connection, from, 5, bytes, |page| {
            texts.extend(page.texts);
            blocks += page.blocks;
            positions.push(page.next);
            ControlFlow::Continue(())
        })
        .unwrap();
        (String::from_utf8(texts).unwrap(), blocks, positions)
    }

    #[test]
    fn pages_of_any_size_and_start_join_to_the_texts() {
        let (connection, whole) = (blocks(), TEXTS[1..].join(", "));
        for bytes in 1..60 {
            let (texts, blocks, positions) = rest(&connection, Position::before(2), bytes);
            assert_eq!((texts.as_str(), blocks), (&*whole, 4), "pages of {bytes}");
            assert_eq!(positions.last().unwrap().height(), 6);
            let mut read_so_far = 0;
            for next in positions {
                let (texts, ..) = rest(&connection, next, bytes);
                assert!(whole.ends_with(&texts) && texts.len() + read_so_far < whole.len());
                read_so_far = whole.len() - texts.len();
                let (again, ..) = rest(&connection, next, 1_000);
                assert_eq!(again, texts, "in pages of another size");
            }
            assert_eq!(read_so_far, whole.len());
        }
    }

    #[test]
    fn page_is_handed_over_when_it_is_full() {
        let connection = blocks();
        let sizes = |bytes| {
            let mut sizes = Vec::new();
            read(&connection, Position::before(1), 5, bytes, |page| {
                sizes.push(page.texts.len());
                ControlFlow::Continue(())
            })
            .unwrap();
            sizes
        };
        // "one, ", a long text of 24 bytes, ", three", ", ", and ", five".
        assert_eq!(sizes(1_000), [44]);
        assert_eq!(sizes(24), [29, 15]);
        assert_eq!(sizes(10), [10, 10, 16, 8]);
        let mut pages = 0;
        read(&connection, Position::before(1), 5, 10, |_| {
            pages += 1;
            ControlFlow::Break(())
        })
        .unwrap();
        assert_eq!(pages, 1, "no page after the break");
    }

    #[test]
    fn beginning_of_a_text_is_read() {
        let connection = blocks();
        for (height, most, expected) in
            [(2, 6, Some("a long")), (1, 6, Some("one")), (4, 6, Some("")), (6, 6, None)]
        {
            let found = beginning(&connection, height, most).unwrap();
            assert_eq!(found.as_deref(), expected.map(str::as_bytes));
        }
    }
}
