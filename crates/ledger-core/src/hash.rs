//! A block's hash: the SHA-256 of its canonical text (FIPS 180-4).

use std::fmt;
use std::str::FromStr;

use base16ct::lower;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::data_model::FromText;

/// A block's SHA-256 hash, written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockHash([u8; 32]);

/// A text that is not 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid block hash: expected 64 lower-case hex digits")]
pub struct HashError;

impl BlockHash {
    /// The hash of a canonical text.
    ///
    /// # Examples
    ///
    /// ```
    /// // The tutorial's own example, section 3.4: 5 * 21 = 105.
    /// let hash = ledger_core::BlockHash::of_text("105");
    /// assert!(hash.to_string().ends_with("155e860"));
    /// ```
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The hashes of several texts, computed at the same time where the processor can do that faster.
    ///
    /// More texts and similar lengths make it faster.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::BlockHash;
    ///
    /// let texts: [&[u8]; 2] = [b"105", b"a block"];
    /// assert_eq!(BlockHash::of_texts(&texts), [BlockHash::of_text("105"), BlockHash::of_text("a block")]);
    /// ```
    pub fn of_texts(texts: &[&[u8]]) -> Vec<Self> {
        pow_engine::hash_each(texts).into_iter().map(Self).collect()
    }

    /// The hash with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hex digits as ASCII bytes.
    #[must_use]
    pub fn to_hex(&self) -> [u8; 64] {
        let mut hex = [0; 64];
        lower::encode(&self.0, &mut hex).expect("32 bytes have 64 digits");
        hex
    }
}

impl FromStr for BlockHash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| HashError)?;
        let mut bytes = [0; 32];
        lower::decode(digits, &mut bytes).map_err(|_| HashError)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for BlockHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = self.to_hex();
        f.pad(std::str::from_utf8(&hex).expect("hex digits are ASCII"))
    }
}

impl fmt::Debug for BlockHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Written as 64 hex digits in every format.
impl Serialize for BlockHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlockHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::expecting("a block hash"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_lower_case_digits_are_a_hash() {
        let hash = BlockHash::of_text("105");
        let text = hash.to_string();
        assert_eq!(text.parse(), Ok(hash));
        for other in [&text[1..], &format!("{text}0"), &text.to_uppercase(), &text.replace('5', "g"), ""] {
            assert_eq!(other.parse::<BlockHash>(), Err(HashError), "{other}");
        }
    }
}
