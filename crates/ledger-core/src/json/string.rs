//! A JSON string with its escapes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::Chars;

use crate::python;

/// The characters between the quotes of a JSON string, with checked escapes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawString<'a>(&'a str);

impl<'a> RawString<'a> {
    /// Wraps a string whose escapes the caller has checked.
    pub(super) fn checked(raw: &'a str) -> Self {
        Self(raw)
    }

    /// The decoded text; none if it has half a surrogate pair.
    pub(crate) fn to_text(self) -> Option<Cow<'a, str>> {
        let Some(first) = memchr::memchr(b'\\', self.0.as_bytes()) else {
            return Some(Cow::Borrowed(self.0));
        };
        let (plain, escaped) = self.0.split_at(first);
        let mut text = String::with_capacity(self.0.len());
        text.push_str(plain);
        for point in CodePoints(escaped.chars()) {
            text.push(char::from_u32(point)?);
        }
        Some(Cow::Owned(text))
    }

    /// The text as written.
    pub(crate) fn raw(self) -> &'a str {
        self.0
    }

    /// Writes the text in canonical form, with quotes. Stops when it exceeds the limit.
    pub(super) fn write(self, out: &mut String, limit: usize) {
        out.push('"');
        let mut rest = self.0;
        while let Some(at) = python::first_special(rest.as_bytes()) {
            let (plain, special) = rest.split_at(at);
            out.push_str(plain);
            let mut points = CodePoints(special.chars());
            let point = points.next().expect("a position inside the text");
            python::write_code_point(out, point).expect("memory takes what is written to it");
            rest = points.0.as_str();
            if out.len() > limit {
                return;
            }
        }
        out.push_str(rest);
        out.push('"');
    }

    /// Compares by code points like Python, including halves of surrogate pairs.
    pub(super) fn compare(self, other: Self) -> Ordering {
        CodePoints(self.0.chars()).cmp(CodePoints(other.0.chars()))
    }
}

/// The code points of a raw string. Half a surrogate pair is one of its own.
struct CodePoints<'a>(Chars<'a>);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let character = self.0.next()?;
        if character != '\\' {
            return Some(character.into());
        }
        Some(match self.0.next()? {
            'b' => 0x8,
            'f' => 0xc,
            'n' => 0xa,
            'r' => 0xd,
            't' => 0x9,
            'u' => {
                let unit = unit(&mut self.0);
                self.joined(unit)
            }
            itself => itself.into(),
        })
    }
}

impl CodePoints<'_> {
    /// Combines a high surrogate with a low one that follows.
    fn joined(&mut self, high: u32) -> u32 {
        let mut after = self.0.clone();
        if !(0xd800..0xdc00).contains(&high) || after.next() != Some('\\') || after.next() != Some('u') {
            return high;
        }
        let low = unit(&mut after);
        if !(0xdc00..0xe000).contains(&low) {
            return high;
        }
        self.0 = after;
        0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
    }
}

/// Parses four hex digits, which were checked before.
fn unit(characters: &mut Chars<'_>) -> u32 {
    characters.take(4).fold(0, |unit, digit| unit << 4 | digit.to_digit(16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_stops_when_the_text_is_too_long() {
        let mut out = String::new();
        RawString::checked(&"\u{7f}".repeat(1_000)).write(&mut out, 7);
        assert_eq!(out, r#""\u007f\u007f"#);
    }
}
