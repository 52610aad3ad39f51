//! Detects the encoding of JSON by its first bytes, as Python does.

use std::fmt;

/// An encoding that Python's `json.loads` accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little-endian: what Windows writes.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// UTF-32, little-endian.
    Utf32Le,
    /// UTF-32, big-endian.
    Utf32Be,
}

impl Encoding {
    /// Number of bytes that [`detect`](Self::detect) needs at most.
    pub const LOOKS_AT: usize = 4;

    /// The encoding of a text, by its first four bytes (or all, if there are fewer), and the length of its byte
    /// order mark. Same as CPython's `json.detect_encoding`, which relies on JSON starting with ASCII characters.
    ///
    /// # Examples
    ///
    /// ```
    /// use node::text::Encoding;
    ///
    /// assert_eq!(Encoding::detect(b"{\0\"\0"), (Encoding::Utf16Le, 0));
    /// assert_eq!(Encoding::detect(b"\xef\xbb\xbf{"), (Encoding::Utf8, 3));
    /// ```
    pub fn detect(begin: &[u8]) -> (Self, usize) {
        match begin {
            [0, 0, 0xfe, 0xff, ..] => (Self::Utf32Be, 4),
            [0xff, 0xfe, 0, 0, ..] => (Self::Utf32Le, 4),
            [0xfe, 0xff, ..] => (Self::Utf16Be, 2),
            [0xff, 0xfe, ..] => (Self::Utf16Le, 2),
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8, 3),
            [0, 0, _, _, ..] => (Self::Utf32Be, 0),
            [0, _, _, _, ..] | [0, _] => (Self::Utf16Be, 0),
            [_, 0, 0, 0, ..] => (Self::Utf32Le, 0),
            [_, 0, _, _, ..] | [_, 0] => (Self::Utf16Le, 0),
            _ => (Self::Utf8, 0),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Utf32Le | Self::Utf32Be => "UTF-32",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_has_the_name_that_people_use() {
        use Encoding::{Utf8, Utf16Be, Utf16Le, Utf32Be, Utf32Le};
        let names = [Utf8, Utf16Le, Utf16Be, Utf32Le, Utf32Be].map(|encoding| encoding.to_string());
        assert_eq!(names, ["UTF-8", "UTF-16", "UTF-16", "UTF-32", "UTF-32"]);
    }
}
