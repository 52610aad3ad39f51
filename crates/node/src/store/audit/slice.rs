//! Stored blocks that were read and wait to be checked together.

use std::ops::Range;

/// How many rows are checked together: the processor hashes up to sixteen texts at a time.
const ROWS: usize = 32;

/// How many bytes of texts are enough, in fewer rows.
const BYTES: usize = 1 << 20;

/// A stored block.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    /// Its place in the chain.
    pub(crate) height: u64,
    /// The hash it was stored under.
    pub(crate) stored: &'a str,
    /// Its text.
    pub(crate) text: &'a [u8],
}

/// A few rows, in one piece of memory: at most a mebibyte of texts, and one text more.
#[derive(Default)]
pub(crate) struct Rows {
    rows: Vec<(u64, Range<usize>, Range<usize>)>,
    hashes: String,
    texts: Vec<u8>,
}

impl Rows {
    /// Adds a copy of a row.
    pub(crate) fn push(&mut self, height: u64, stored: &str, text: &[u8]) {
        let (hash_from, text_from) = (self.hashes.len(), self.texts.len());
        self.hashes.push_str(stored);
        self.texts.extend_from_slice(text);
        self.rows.push((height, hash_from..self.hashes.len(), text_from..self.texts.len()));
    }

    /// Whether the rows should be checked now.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.texts.len() >= BYTES
    }

    /// The rows, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(height, hash, text)| Row {
            height: *height,
            stored: &self.hashes[hash.clone()],
            text: &self.texts[text.clone()],
        })
    }

    /// The texts, in order.
    pub(crate) fn texts(&self) -> Vec<&[u8]> {
        self.iter().map(|row| row.text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_order() {
        let mut rows = Rows::default();
        rows.push(7, "seven", b"text of 7");
        rows.push(8, "", b"");
        let found: Vec<_> = rows.iter().map(|row| (row.height, row.stored, row.text)).collect();
        assert_eq!(found, [(7, "seven", &b"text of 7"[..]), (8, "", b"")]);
        assert_eq!(rows.texts(), [&b"text of 7"[..], b""]);
    }

    #[test]
    fn rows_are_full_at_a_number_and_at_a_size() {
        let mut rows = Rows::default();
        (1..ROWS as u64).for_each(|height| rows.push(height, "", b""));
        assert!(!rows.is_full());
        rows.push(ROWS as u64, "", b"");
        assert!(rows.is_full());
        let mut rows = Rows::default();
        rows.push(1, "", &[0; BYTES]);
        assert!(rows.is_full());
    }
}
