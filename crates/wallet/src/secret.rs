//! Detects a private key in a text that is about to be published.

use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use memchr::memmem::Finder;
use zeroize::Zeroizing;

/// Shorter texts hold no private key.
const SHORTEST: usize = 40;

/// Longer texts are not decoded: no key is that long.
const LONGEST: usize = crate::MAX_KEY_FILE;

/// Substrings that reveal a private key: the words of its PEM, plain, in base64 at any offset, in hex; and the
/// start of OpenSSH, PuTTY and age keys.
const MARKS: [&str; 12] = [
    "PRIVATE KEY-----",
    "PRIVATE KEY BLOCK-----",
    // "PRIVATE K", "IVATE KEY" and "RIVATE KE": one of them starts at a group of three bytes.
    "UFJJVkFURSBL",
    "SVZBVEUgS0VZ",
    "UklWQVRFIEtF",
    "50524956415445204b4559",
    "50524956415445204B4559",
    // URL-encoded.
    "PRIVATE%20KEY",
    "PRIVATE+KEY",
    "b3BlbnNzaC1rZXktdjE",
    "PuTTY-User-Key-File-",
    "AGE-SECRET-KEY-",
];

/// The start of base64-encoded public keys in PEM, such as addresses.
const PUBLIC: [&str; 2] = ["LS0tLS1CRUdJTiBQVUJMSUMg", "LS0tLS1CRUdJTiBSU0EgUFVC"];

/// Whether a text is or contains a private key, in any common format: PEM, its base64 in one line or many, PKCS#8,
/// OpenSSH, DER in base64, JWK and others.
///
/// Call this before publishing a text, such as a recipient. It is fast for addresses and names.
///
/// # Examples
///
/// ```
/// let wallet = wallet::Wallet::generate()?;
/// assert!(wallet::is_private_key(&wallet.secret()));
/// assert!(wallet::is_private_key(&wallet.to_pem()));
/// assert!(!wallet::is_private_key(wallet.address().as_str()));
/// assert!(!wallet::is_private_key("bob"));
/// # Ok::<(), wallet::GenerateError>(())
/// ```
#[must_use]
pub fn is_private_key(text: &str) -> bool {
    text.len() >= SHORTEST && (has_mark(text) || is_unmarked(text))
}

fn has_mark(text: &str) -> bool {
    static FINDERS: LazyLock<[Finder<'static>; MARKS.len()]> = LazyLock::new(|| MARKS.map(Finder::new));
    let found = |text: &str| FINDERS.iter().any(|mark| mark.find(text.as_bytes()).is_some());
    if found(text) {
        return true;
    }
    // A line end may split a mark.
    let may_be_broken = text.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\');
    let is_broken = |char: char| char.is_whitespace() || char == '\\';
    may_be_broken && found(&Zeroizing::new(text.replace("\\n", "").replace(is_broken, "")))
}

/// Private keys without a mark: JWK and XML, DER in base64, and one more layer of base64.
fn is_unmarked(text: &str) -> bool {
    if PUBLIC.iter().any(|start| text.starts_with(start)) || text.len() > LONGEST {
        return false;
    }
    let is_private = |bytes: &[u8]| {
        is_private_der(bytes) || str::from_utf8(bytes).is_ok_and(|text| has_mark(text) || is_named(text))
    };
    is_named(text)
        || decode(text).is_some_and(|bytes| is_private(&bytes))
        || from_hex(text).is_some_and(|bytes| is_private(&bytes))
}

/// Decodes the start of a hex text, as much as the check needs.
fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let is_hex = |char: char| char.is_ascii_hexdigit() || char == ':' || char.is_ascii_whitespace();
    if !text.chars().all(is_hex) {
        return None;
    }
    let digits: Vec<u32> = text.chars().filter_map(|char| char.to_digit(16)).take(2 * SHORTEST).collect();
    let (pairs, _) = digits.as_chunks::<2>();
    Some(Zeroizing::new(pairs.iter().filter_map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect()))
}

/// Whether a text has the private members of JWK or .NET's XML.
fn is_named(text: &str) -> bool {
    text.contains("\"kty\"") && text.contains("\"d\"")
        || text.contains("<RSAKeyValue") && text.contains("<D>")
}

/// Decodes base64 in either alphabet, with or without padding and line ends.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    symbols.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').map(|byte| {
        match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        }
    }));
    BASE64_STANDARD_NO_PAD.decode(&symbols).ok().map(Zeroizing::new)
}

/// Whether bytes start like a private key: a SEQUENCE whose first number is a version, 0 or 1. In public keys that
/// place holds another SEQUENCE or the modulus (RFC 8017, RFC 5958, RFC 5915).
pub(crate) fn is_private_der(bytes: &[u8]) -> bool {
    let content = match bytes {
        [0x30, 0x81, _, rest @ ..] | [0x30, 0x82, _, _, rest @ ..] => rest,
        [0x30, 0..=0x7f, rest @ ..] => rest,
        _ => return false,
    };
    content.starts_with(&[2, 1, 0]) || content.starts_with(&[2, 1, 1])
}
