//! The owner's token.

use std::fmt;
use std::str::FromStr;

use ctutils::CtEq;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Minimum length: a shorter token can be guessed.
const MIN_LENGTH: usize = 16;

/// Maximum length.
const MAX_LENGTH: usize = 256;

/// A secret that proves that its sender is the owner: 16 to 256 letters, digits and `-._~+/=` (RFC 6750, section
/// 2.1).
#[derive(Clone)]
pub struct OwnerToken(Zeroizing<String>);

impl OwnerToken {
    /// A new token: 256 random bits in hex.
    ///
    /// # Errors
    ///
    /// The system's error if it has no random numbers.
    pub fn generate() -> std::io::Result<Self> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        getrandom::fill(bytes.as_mut())?;
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in bytes.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).expect("four bits are a hex digit"));
            }
        }
        Ok(Self(text))
    }

    /// Compares in constant time.
    pub fn is(&self, text: &str) -> bool {
        let digest = |text: &str| <[u8; 32]>::from(Sha256::digest(text));
        digest(&self.0).ct_eq(&digest(text)).to_bool()
    }

    /// The text, to be written to the file.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl FromStr for OwnerToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if !(MIN_LENGTH..=MAX_LENGTH).contains(&text.len()) {
            return Err(format!("a token has {MIN_LENGTH} to {MAX_LENGTH} characters, not {}", text.len()));
        }
        if !text.bytes().all(known) {
            return Err("a token has letters, digits and -._~+/= only".into());
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl PartialEq for OwnerToken {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl fmt::Debug for OwnerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_token_matches_itself_only() {
        let (token, other) = (OwnerToken::generate().unwrap(), OwnerToken::generate().unwrap());
        let text = token.text().to_owned();
        assert_eq!(text.len(), 64);
        assert_eq!(text.parse::<OwnerToken>().unwrap(), token);
        assert!(token.is(&text) && !other.is(&text));
        for wrong in ["", &text[1..], &text.to_uppercase(), &format!("{text} "), &format!("{text}\n")] {
            assert!(!token.is(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn token_is_never_shown() {
        let token: OwnerToken = "0123456789abcdef".parse().unwrap();
        assert_eq!(format!("{token:?}"), "OwnerToken(…)");
    }

    #[test]
    fn token_may_have_any_character_of_a_bearer_token() {
        let (shortest, longest) = ("aZ09-._~+/=aZ09=", "x".repeat(256));
        for text in [shortest, &longest] {
            assert_eq!(text.parse::<OwnerToken>().unwrap().text(), text);
        }
    }

    #[test]
    fn ill_formed_tokens_are_refused_without_being_shown() {
        for text in
            ["", "tooshort", "0123456789abcde", &"x".repeat(257), "0123456789 abcdef", "0123456789abcdef\r"]
        {
            let error = text.parse::<OwnerToken>().unwrap_err();
            assert!(
                error.starts_with("a token has") && (text.is_empty() || !error.contains(text)),
                "{error}"
            );
        }
    }
}
