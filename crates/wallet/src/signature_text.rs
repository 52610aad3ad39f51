//! Signatures as people send them: wrapped by base64 tools, or in other formats.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use thiserror::Error;

use crate::python::{self, Base64Error};
use crate::{Signature, is_private_key};

/// A shorter text of hex digits may be base64.
const HEX: usize = 64;

/// A signature read from a text as a Python node reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureText {
    /// The signature in one line of standard base64.
    pub signature: Signature,
    /// What else the text looks like: the reason to give if the signature is invalid.
    pub suspicion: Option<NotBase64>,
}

/// Why a text is not a base64 signature. The message names the payment's member.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotBase64 {
    /// Empty.
    #[error("signature is empty; `sigscript` makes it")]
    Empty,

    /// A private key.
    #[error(
        "signature is a private key: never hand it out, whoever sees it can spend your money; \
         make the signature with it, by `sigscript`, and do not use this key again"
    )]
    PrivateKey,

    /// Hex digits, as many tools print signatures.
    #[error("signature is in hex, and base64 is expected: `xxd -r -p | base64 -w0` converts it")]
    Hex,

    /// URL-safe base64 (RFC 4648, section 5).
    #[error("signature is in the URL-safe alphabet; write + for - and / for _: `tr -- -_ +/` converts it")]
    UrlSafe,

    /// PEM or other armour.
    #[error("signature is in armour lines (-----BEGIN …); send only the base64 between them")]
    Armour,

    /// A binary file read as text.
    #[error("signature is binary, and base64 is expected: `base64 -w0 FILE` writes it")]
    Binary,

    /// A character outside base64.
    #[error("signature is not base64: it holds {:?} at character {}", .0, .1)]
    Character(char, usize),

    /// Padding before the end.
    #[error("signature is not one base64 text: more follows after the = of its end")]
    Trailing,

    /// Missing padding.
    #[error("signature is not complete base64: {0} is missing at its end")]
    Padding(&'static str),

    /// An impossible length for base64.
    #[error(
        "signature is not complete base64: its length, {0}, is one character too long or three too short"
    )]
    Count(usize),
}

impl Signature {
    /// Reads a signature like a Python node, whose `b64decode` skips white space and other characters outside
    /// base64.
    ///
    /// The result is one line of base64, however the text was wrapped, so it is never longer than its content needs.
    ///
    /// # Errors
    ///
    /// [`NotBase64`] where Python refuses the text, too. Where Python accepts a text that may not be a signature,
    /// [`SignatureText::suspicion`] says so.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{NotBase64, Signature};
    ///
    /// let text = Signature::read("c2ln\nbmF0\r\ndXJl".to_owned())?;
    /// assert_eq!((text.signature.as_str(), text.suspicion), ("c2lnbmF0dXJl", None));
    /// assert_eq!(Signature::read("c2lnbmF0dXJlcw".to_owned()), Err(NotBase64::Padding("==")));
    /// # Ok::<(), NotBase64>(())
    /// ```
    pub fn read(text: String) -> Result<SignatureText, NotBase64> {
        if text.is_empty() {
            return Err(NotBase64::Empty);
        }
        if BASE64_STANDARD.decode(&text).is_ok() {
            let suspicion = plain_suspicion(&text);
            return Ok(SignatureText { signature: Signature::of(text), suspicion });
        }
        let suspicion = suspicion(&text);
        match python::b64decode(&text) {
            Ok(bytes) if !bytes.is_empty() => {
                Ok(SignatureText { signature: Signature::of(BASE64_STANDARD.encode(bytes)), suspicion })
            }
            Ok(_) => Err(suspicion.unwrap_or(NotBase64::Empty)),
            Err(error) => Err(suspicion.unwrap_or_else(|| refused(&text, error))),
        }
    }
}

/// What else a text in standard base64 may be. Recognises forms of signatures by their first characters.
fn plain_suspicion(text: &str) -> Option<NotBase64> {
    if is_hex(text) {
        return Some(NotBase64::Hex);
    }
    // How the base64 of PEM and of DER begins.
    let may_be_key = text.starts_with("LS0t") || text.starts_with("MII");
    (may_be_key && is_private_key(text)).then_some(NotBase64::PrivateKey)
}

/// What a text that is not plain base64 looks like. White space is not suspicious.
fn suspicion(text: &str) -> Option<NotBase64> {
    let start = text.trim_start();
    if is_private_key(text) {
        return Some(NotBase64::PrivateKey);
    }
    if start.starts_with("-----BEGIN") || start.starts_with("---- BEGIN") {
        return Some(NotBase64::Armour);
    }
    if is_hex(text) {
        return Some(NotBase64::Hex);
    }
    if text.contains(|char: char| char == '\u{fffd}' || char.is_control() && !char.is_whitespace()) {
        return Some(NotBase64::Binary);
    }
    let is_symbol = |char: char| {
        char.is_ascii() && (char.is_alphanumeric() || char.is_whitespace() || "+/=".contains(char))
    };
    let is_url_safe = |char| is_symbol(char) || char == '-' || char == '_';
    match text.chars().enumerate().find(|(_, char)| !is_symbol(*char)) {
        Some(_) if text.chars().all(is_url_safe) => Some(NotBase64::UrlSafe),
        Some((position, char)) => Some(NotBase64::Character(char, position + 1)),
        None => {
            let content = text.trim_end_matches(|char: char| char == '=' || char.is_whitespace());
            content.contains('=').then_some(NotBase64::Trailing)
        }
    }
}

/// The reason for a text that has only symbols of base64, but the wrong number of them.
fn refused(text: &str, error: Base64Error) -> NotBase64 {
    match error {
        Base64Error::Padding(1) => NotBase64::Padding("="),
        Base64Error::Padding(_) => NotBase64::Padding("=="),
        Base64Error::NotAscii | Base64Error::OneOver => NotBase64::Count(
            text.chars().filter(|char| char.is_ascii_alphanumeric() || "+/".contains(*char)).count(),
        ),
    }
}

/// Whether a text is hex, also in groups or lines. No base64 signature is, whatever the size of its key.
fn is_hex(text: &str) -> bool {
    let is_gap = |char: char| char == ':' || char.is_ascii_whitespace();
    if !text.chars().all(|char| char.is_ascii_hexdigit() || is_gap(char)) {
        return false;
    }
    let digits = text.chars().filter(|char| !is_gap(*char)).count();
    let is_mixed =
        text.contains(|char: char| char.is_ascii_digit()) && text.contains(|char: char| char.is_alphabetic());
    is_mixed && digits >= HEX && digits.is_multiple_of(2)
}
