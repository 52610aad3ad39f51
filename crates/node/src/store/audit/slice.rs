//! Stored blocks that are checked together.

use std::ops::Range;

use ledger_core::Height;
use ledger_core::seam::Stored;

/// Rows checked together: the processor hashes up to sixteen texts at a time.
const ROWS: usize = 32;

/// Bytes of texts from which fewer rows are enough.
const BYTES: usize = 1 << 20;

/// Rows in one buffer: at most a mebibyte of texts and one more text.
#[derive(Default)]
pub(crate) struct Rows {
    rows: Vec<(Height, Range<usize>, Range<usize>)>,
    hashes: String,
    texts: Vec<u8>,
}

impl Rows {
    /// Copies a row into the buffer.
    pub(crate) fn push(&mut self, height: Height, stored: &str, text: &[u8]) {
        let (hash_from, text_from) = (self.hashes.len(), self.texts.len());
        self.hashes.push_str(stored);
        self.texts.extend_from_slice(text);
        self.rows.push((height, hash_from..self.hashes.len(), text_from..self.texts.len()));
    }

    /// Whether the buffer is full.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.texts.len() >= BYTES
    }

    /// The rows in order.
    pub(crate) fn stored(&self) -> Vec<Stored<'_>> {
        let row = |(height, hash, text): &(Height, Range<usize>, Range<usize>)| Stored {
            height: *height,
            hash: &self.hashes[hash.clone()],
            text: &self.texts[text.clone()],
            saved: None,
        };
        self.rows.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(height: u64) -> Height {
        Height::new(height).unwrap()
    }

    #[test]
    fn rows_come_back_in_order() {
        let mut rows = Rows::default();
        rows.push(at(7), "seven", b"text of 7");
        rows.push(at(8), "", b"");
        let stored = rows.stored();
        let found: Vec<_> = stored.iter().map(|row| (row.height, row.hash, row.text)).collect();
        assert_eq!(found, [(at(7), "seven", &b"text of 7"[..]), (at(8), "", b"")]);
    }

    #[test]
    fn buffer_is_full_at_a_number_and_at_a_size() {
        let mut rows = Rows::default();
        (1..ROWS as u64).for_each(|height| rows.push(at(height), "", b""));
        assert!(!rows.is_full());
        rows.push(at(ROWS as u64), "", b"");
        assert!(rows.is_full());
        let mut rows = Rows::default();
        rows.push(at(1), "", &[0; BYTES]);
        assert!(rows.is_full());
    }
}
