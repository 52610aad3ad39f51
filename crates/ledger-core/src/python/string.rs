//! Writes strings as ASCII JSON.

use std::fmt::{self, Write};

use memchr::memchr2;

/// Bytes classified at a time.
const CHUNK: usize = 64;

/// Bytes searched for a quote at a time: enough for an address, and few enough that a text of special characters is
/// not searched to its end for each of them.
const WINDOW: usize = 1024;

/// A text as a JSON string in canonical form, with quotes.
#[must_use]
pub fn string_text(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    write_string(&mut text, value).expect("memory takes what is written to it");
    text
}

/// Writes a text as a JSON string.
pub(crate) fn write_string(out: &mut impl Write, value: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = value;
    while let Some(at) = first_special(rest.as_bytes()) {
        let (plain, special) = rest.split_at(at);
        out.write_str(plain)?;
        let mut characters = special.chars();
        write_escaped(out, characters.next().expect("a position inside the text"))?;
        rest = characters.as_str();
    }
    out.write_str(rest)?;
    out.write_char('"')
}

/// Position of the first byte that needs an escape: a quote, a backslash, or anything outside space to `~`.
pub(crate) fn first_special(bytes: &[u8]) -> Option<usize> {
    let special = |(number, window): (usize, &[u8])| {
        let quoted = memchr2(b'"', b'\\', window);
        let found = first_unprintable(&window[..quoted.unwrap_or(window.len())]).or(quoted);
        found.map(|at| number * WINDOW + at)
    };
    bytes.chunks(WINDOW).enumerate().find_map(special)
}

/// Position of the first byte outside space to `~`. Classifies whole chunks without branches, so that the compiler
/// vectorises the loop.
fn first_unprintable(bytes: &[u8]) -> Option<usize> {
    let printable = |byte: u8| byte.wrapping_sub(b' ') <= b'~' - b' ';
    let all = |chunk: &&[u8]| chunk.iter().fold(true, |all, &byte| all & printable(byte));
    let skipped = bytes.chunks_exact(CHUNK).take_while(all).count() * CHUNK;
    bytes[skipped..].iter().position(|&byte| !printable(byte)).map(|at| skipped + at)
}

/// Writes a code point inside a JSON string. Half a surrogate pair is written as its code unit.
pub(crate) fn write_code_point(out: &mut impl Write, point: u32) -> fmt::Result {
    match char::from_u32(point) {
        Some(character) if (' '..='~').contains(&character) && !matches!(character, '"' | '\\') => {
            out.write_char(character)
        }
        Some(character) => write_escaped(out, character),
        None => write_unit(out, point as u16),
    }
}

fn write_escaped(out: &mut impl Write, character: char) -> fmt::Result {
    match character {
        '"' => out.write_str("\\\""),
        '\\' => out.write_str("\\\\"),
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\u{8}' => out.write_str("\\b"),
        '\u{c}' => out.write_str("\\f"),
        other => other.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write_unit(out, *unit)),
    }
}

/// Writes a UTF-16 code unit as `\uXXXX`.
fn write_unit(out: &mut impl Write, unit: u16) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.write_str("\\u")?;
    [12, 8, 4, 0]
        .iter()
        .try_for_each(|shift| out.write_char(char::from(DIGITS[usize::from(unit >> shift & 15)])))
}
