//! Reports bytes that are not UTF-8, and how an older encoding would read them.

use std::fmt;

use encoding_rs::WINDOWS_1252;
use ledger_core::Printable;

/// Bytes shown before and after the foreign one.
const AROUND: usize = 12;

/// The first byte that is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct NotUtf8 {
    /// The byte.
    pub byte: u8,
    /// Its offset, from 0.
    pub offset: u64,
    /// The word around it in Windows-1252; none if the byte is not a letter there.
    word: Option<String>,
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { byte, offset, word } = self;
        write!(f, "byte 0x{byte:02X} at offset {offset} is not UTF-8")?;
        match word {
            None => Ok(()),
            Some(word) => {
                write!(f, " (in Latin-1 or Windows-1252 it would read \"{}\")", Printable::foreign(word))
            }
        }
    }
}

/// Checks that bytes are UTF-8. `offset` is the position of the first byte in the input.
///
/// # Errors
///
/// [`NotUtf8`] for the first byte that is not.
///
/// # Examples
///
/// ```
/// let error = node::text::check_utf8(b"{\"recipient\": \"Zo\xeb\"}", 0).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "byte 0xEB at offset 17 is not UTF-8 (in Latin-1 or Windows-1252 it would read \"Zoë\")"
/// );
/// ```
pub fn check_utf8(bytes: &[u8], offset: u64) -> Result<(), NotUtf8> {
    let Err(error) = std::str::from_utf8(bytes) else { return Ok(()) };
    let at = error.valid_up_to();
    Err(NotUtf8 { byte: bytes[at], offset: offset + at as u64, word: word(bytes, at) })
}

/// The word around a byte, if that is a letter in Windows-1252.
fn word(bytes: &[u8], at: usize) -> Option<String> {
    let letter = |byte: &u8| {
        byte.is_ascii_alphanumeric() || (0xc0..=0xff).contains(byte) || matches!(byte, b'\'' | b'-')
    };
    // Followed by a UTF-8 continuation byte, it is more likely a damaged character or half a surrogate pair.
    let continues = bytes.get(at + 1).is_some_and(|next| (0x80..=0xbf).contains(next));
    if continues || !matches!(bytes[at], 0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..=0xff) {
        return None;
    }
    let before = bytes[..at].iter().rev().take(AROUND).take_while(|byte| letter(byte)).count();
    let after = bytes[at..].iter().take(AROUND).take_while(|byte| letter(byte)).count();
    Some(WINDOWS_1252.decode_without_bom_handling(&bytes[at - before..at + after]).0.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(bytes: &[u8]) -> String {
        check_utf8(bytes, 100).unwrap_err().to_string()
    }

    #[test]
    fn utf8_passes() {
        for text in ["", "plain", "Zoë", "日本 🙂"] {
            assert_eq!(check_utf8(text.as_bytes(), 0), Ok(()));
        }
    }

    #[test]
    fn latin_1_letter_is_shown_in_its_word() {
        assert!(says(b"{\"to\": \"Ren\xe9e\"}").contains(
            "0xE9 at offset 111 is not UTF-8 (in Latin-1 or Windows-1252 it would read \"Renée\")"
        ));
        assert!(says(b"M\xfcller-L\xfcdenscheidt GmbH").contains("\"Müller-Lüdens\""));
        assert!(says(b"\xc5ke").contains("\"Åke\""));
    }

    #[test]
    fn other_bytes_are_named_without_a_word() {
        // ë on a DOS console (code page 850), the first half of 山 in Shift_JIS, half a surrogate pair.
        assert_eq!(says(b"Zo\x89"), "byte 0x89 at offset 102 is not UTF-8");
        assert_eq!(says(b"\x8eR"), "byte 0x8E at offset 100 is not UTF-8");
        assert_eq!(says(b"\"\xed\xa0\x80\""), "byte 0xED at offset 101 is not UTF-8");
    }
}
