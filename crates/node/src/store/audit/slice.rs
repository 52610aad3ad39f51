//! Stored blocks that are checked together.

use std::ops::Range;

use ledger_core::Height;
use ledger_core::seam::Stored;

/// Rows checked together: the processor hashes up to sixteen texts at a time.
const ROWS: usize = 32;

/// Bytes of texts from which fewer rows fill a slice.
const BYTES: usize = 1 << 20;

/// Rows in one buffer: at most a mebibyte of texts and one more text.
#[derive(Default)]
pub(crate) struct Rows {
    rows: Vec<StoredRow>,
    /// The hashes and the saved states.
    words: String,
    texts: Vec<u8>,
}

struct StoredRow {
    height: Height,
    hash: Range<usize>,
    text: Range<usize>,
    saved: Option<Range<usize>>,
}

impl Rows {
    /// Copies a row into the buffer.
    pub(crate) fn push(&mut self, row: Stored<'_>) {
        let text_from = self.texts.len();
        self.texts.extend_from_slice(row.text);
        let text = text_from..self.texts.len();
        let hash = self.word(row.hash);
        let saved = row.saved.map(|saved| self.word(saved));
        self.rows.push(StoredRow { height: row.height, hash, text, saved });
    }

    fn word(&mut self, word: &str) -> Range<usize> {
        let from = self.words.len();
        self.words.push_str(word);
        from..self.words.len()
    }

    /// Whether the buffer is full.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.texts.len() >= BYTES
    }

    /// The rows in order.
    pub(crate) fn stored(&self) -> Vec<Stored<'_>> {
        let row = |row: &StoredRow| Stored {
            height: row.height,
            hash: &self.words[row.hash.clone()],
            text: &self.texts[row.text.clone()],
            saved: row.saved.clone().map(|saved| &self.words[saved]),
        };
        self.rows.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(height: u64, hash: &'a str, text: &'a [u8], saved: Option<&'a str>) -> Stored<'a> {
        Stored { height: Height::new(height).unwrap(), hash, text, saved }
    }

    #[test]
    fn rows_are_read_back_in_order() {
        let given = [
            row(7, "seven", b"text of 7", None),
            row(8, "", b"", Some("")),
            row(9, "nine", b"9", Some("state")),
        ];
        let mut rows = Rows::default();
        given.iter().for_each(|row| rows.push(*row));
        assert_eq!(rows.stored(), given);
    }

    #[test]
    fn buffer_is_full_at_a_count_and_at_a_size() {
        let mut rows = Rows::default();
        (1..ROWS as u64).for_each(|height| rows.push(row(height, "", b"", None)));
        assert!(!rows.is_full());
        rows.push(row(ROWS as u64, "", b"", None));
        assert!(rows.is_full());
        let mut rows = Rows::default();
        rows.push(row(1, "", &[0; BYTES], None));
        assert!(rows.is_full());
    }
}
