//! Decodes bytes to text, in the encodings that editors and shells write.

use zeroize::Zeroizing;

use super::armour::BEGIN;

/// Decodes UTF-8, or UTF-16 as PowerShell's `>` writes it, with or without byte order mark. `None` if the bytes are
/// not text.
pub(super) fn decode(bytes: &[u8]) -> Option<Zeroizing<String>> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => utf16(bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

/// Decodes UTF-8. Around a PEM block any encoding is fine, since the block is ASCII in nearly all. Other texts may end
/// in NUL or ^Z.
fn utf8(bytes: &[u8]) -> Option<Zeroizing<String>> {
    if bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes()) {
        return Some(Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()));
    }
    let text = str::from_utf8(bytes).ok()?.trim_end_matches(['\0', '\u{1a}']);
    let is_text = text.chars().all(|char| !char.is_control() || char.is_ascii_whitespace());
    is_text.then(|| Zeroizing::new(text.to_owned()))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    // Reserve the maximum: growing would leave copies of the key in freed memory.
    let mut text = Zeroizing::new(String::with_capacity(pairs.len() * 3));
    for char in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(char.ok()?);
    }
    Some(text)
}
