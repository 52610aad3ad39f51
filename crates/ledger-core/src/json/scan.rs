//! Finds where a JSON value ends, without parsing it.

use memchr::memchr2;

/// How far a value has been scanned.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scan {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Scan {
    /// Continues the scan. Returns where the value ends, if it ends in this piece. A number ends before the byte
    /// that follows it; a string, list or object ends with its last byte.
    pub(crate) fn end_of_value(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < piece.len() {
            if self.in_text {
                at = self.skip_text(piece, at);
                if !self.in_text && self.depth == 0 {
                    return Some(at);
                }
                continue;
            }
            match piece[at] {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => return Some(at + 1),
                b'}' | b']' | b',' if self.depth == 0 => return Some(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Skips a string from `at`. Returns the position after its closing quote, or the end of the piece.
    fn skip_text(&mut self, piece: &[u8], mut at: usize) -> usize {
        if self.escaped {
            self.escaped = false;
            at += 1;
        }
        while let Some(found) = memchr2(b'"', b'\\', &piece[at..]) {
            at += found + 1;
            if piece[at - 1] == b'"' {
                self.in_text = false;
                return at;
            }
            if at == piece.len() {
                self.escaped = true;
                return at;
            }
            at += 1;
        }
        piece.len()
    }
}
