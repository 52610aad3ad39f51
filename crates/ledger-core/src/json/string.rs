//! A text as it stands in JSON, with its escapes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::Chars;

use crate::python;

/// What stands between the quotes of a JSON text whose escapes were checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawString<'a>(&'a str);

impl<'a> RawString<'a> {
    /// A text whose escapes the caller has checked.
    pub(super) fn checked(raw: &'a str) -> Self {
        Self(raw)
    }

    /// The text it stands for; none if that holds half a surrogate pair.
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

    /// The text as it stands.
    pub(crate) fn raw(self) -> &'a str {
        self.0
    }

    /// Writes the text in canonical form, with its quotes; only a beginning of it if there are more bytes than the limit.
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

    /// Compares the texts as Python does: by their code points, halves of surrogate pairs among them.
    pub(super) fn compare(self, other: Self) -> Ordering {
        CodePoints(self.0.chars()).cmp(CodePoints(other.0.chars()))
    }
}

/// The code points of a raw text. A pair of surrogates is one, half a pair is one by itself.
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
    /// Joins a high surrogate with a low one that follows.
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

/// Reads four hex digits, which were checked to be there.
fn unit(characters: &mut Chars<'_>) -> u32 {
    characters.take(4).fold(0, |unit, digit| unit << 4 | digit.to_digit(16).unwrap_or_default())
}
