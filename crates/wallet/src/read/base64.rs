//! Base64 (RFC 4648) from configuration files, mails and web pages.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::KeyError;

/// The start of a base64-encoded PEM, by which it is found in any text.
const PEM: &str = "LS0tLS1CRUdJTi";

/// Decodes without padding, which is removed before. Ignores bits that some encoders leave in the last character.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes a secret: each base64-encoded PEM in a text, such as a certificate and a key, or a text of base64 only.
pub(super) fn decode_secret(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut found = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some(start) = rest.find(PEM) {
        let symbols = Symbols::of(&rest[start..]);
        found.extend_from_slice(&decode(symbols.bytes));
        found.push(b'\n');
        rest = symbols.rest;
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let symbols = Symbols::of(after_name(text));
    if symbols.rest.is_empty() { Ok(decode(symbols.bytes)) } else { Err(KeyError::NotBase64) }
}

/// Decodes the body of a PEM block.
pub(super) fn decode_body(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let symbols = Symbols::of(body);
    if symbols.rest.is_empty() { Ok(decode(symbols.bytes)) } else { Err(KeyError::Malformed) }
}

/// The text after `NAME=`, as in a configuration file.
fn after_name(text: &str) -> &str {
    let is_name = |name: &str| name.chars().all(|char| char.is_alphanumeric() || "_. ".contains(char));
    match text.split_once(['=', ':']) {
        Some((name, value)) if is_name(name.trim()) && value.trim().len() > name.len() => value,
        _ => text,
    }
}

/// The base64 characters of a text, in the standard alphabet.
struct Symbols<'a> {
    bytes: Zeroizing<Vec<u8>>,
    /// The text from the first character on that is not base64, padding or skipped.
    rest: &'a str,
}

impl<'a> Symbols<'a> {
    /// Collects characters up to the padding or to the first unexpected one.
    fn of(text: &'a str) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let (mut chars, mut is_padded) = (text.chars(), false);
        loop {
            let rest = chars.as_str();
            match chars.next() {
                Some('=') => is_padded = true,
                Some('\\') => bytes.extend(escaped(&mut chars)),
                Some(char) if is_skipped(char) => {}
                char => match char.filter(|_| !is_padded).and_then(symbol) {
                    Some(symbol) => bytes.push(symbol),
                    None => return Self { bytes, rest },
                },
            }
        }
    }
}

/// Maps a character to the standard alphabet, also from the URL-safe one (RFC 4648, section 5).
fn symbol(char: char) -> Option<u8> {
    match char {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' => Some(char as u8),
        '-' => Some(b'+'),
        '_' => Some(b'/'),
        _ => None,
    }
}

/// Reads what follows a backslash. Skips an escaped line end: `\n`, `\r\n`, also with more backslashes, and `\` before
/// a line end. Returns a symbol that is escaped like `\u002B`, as .NET writes it in JSON.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<u8> {
    let rest = chars.as_str().trim_start_matches('\\');
    let code = rest.strip_prefix('u').and_then(|code| code.split_at_checked(4));
    let number = code.and_then(|(digits, rest)| Some((u32::from_str_radix(digits, 16).ok()?, rest)));
    if let Some((code, rest)) = number
        && let Some(char) = char::from_u32(code).filter(|char| symbol(*char).is_some() || *char == '=')
    {
        *chars = rest.chars();
        return symbol(char);
    }
    *chars = rest.strip_prefix(['n', 'r', 't']).unwrap_or(rest).chars();
    None
}

/// White space, invisible characters of web pages, quotes around lines, and marks of quoted mail.
fn is_skipped(char: char) -> bool {
    char.is_whitespace() || "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\"'`,>|".contains(char)
}

/// Decodes base64 without padding. Drops a single surplus character, which encodes nothing.
fn decode(symbols: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    let whole = symbols.len() - usize::from(symbols.len() % 4 == 1);
    Zeroizing::new(ENGINE.decode(&symbols[..whole]).expect("all characters are of the alphabet"))
}
