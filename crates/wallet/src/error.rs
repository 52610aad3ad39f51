//! Errors, one enum per operation. No message contains key material.

use std::path::Path;

use thiserror::Error;

use crate::exposed::shell_word;
use crate::{KeyForm, MAX_KEY_BITS, MAX_KEY_FILE, MAX_KEY_TEXT, MIN_KEY_BITS};

/// Why no key could be generated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The operating system gave no random numbers.
    #[cfg(feature = "keygen")]
    #[error("the operating system gave no random numbers to make a key from")]
    Randomness(#[source] getrandom::Error),

    /// The search for primes ended without a key.
    #[error("no RSA key could be made: {0}")]
    Search(String),
}

/// Why a file or text is not a usable private key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Longer than [`MAX_KEY_FILE`].
    #[error("the key has {length} bytes, and no key needs more than {MAX_KEY_FILE}")]
    TooLong {
        /// Length of the text, in bytes.
        length: usize,
    },

    /// Empty, or only white space.
    #[error("the key is empty")]
    Empty,

    /// Neither PEM nor base64.
    #[error("this is not a key: neither PEM text nor base64 text; was all of it copied, and nothing else?")]
    NotBase64,

    /// The base64 or the file holds something else.
    #[error(
        "this is not a key; expected PEM text, which begins with -----BEGIN RSA PRIVATE KEY-----, or its base64, \
         which begins with LS0tLS1CRUdJTi; was all of it copied?"
    )]
    NotPem,

    /// A PEM block or OpenSSH key without its end.
    #[error(
        "the key is cut short: its end is missing, such as -----END RSA PRIVATE KEY-----; copy all of it"
    )]
    CutShort,

    /// A public key, which cannot sign.
    #[error(
        "this is a public key (an address); signing takes the private key (the secret), which a node keeps in \
         wallet.pem and `secret` shows"
    )]
    PublicKey,

    /// Protected by a password.
    #[error(
        "the private key is encrypted; write it without its password: `openssl pkey -in FILE -out key.pem`"
    )]
    Encrypted,

    /// More than one private key.
    #[error("there are several private keys here; make a file of the one that you mean")]
    Several,

    /// A key format of other tools that is not supported.
    #[error("{0}")]
    Form(KeyForm),

    /// The content does not match the PEM label.
    #[error("the key is damaged: its content cannot be read; copy all of it again")]
    Malformed,

    /// The modulus is shorter than [`MIN_KEY_BITS`].
    #[error(
        "the key has {bits} bits, and under {MIN_KEY_BITS} a key can be broken; \
         make a new one: `sigscript --new-key key.pem`"
    )]
    TooSmall {
        /// Size of the modulus, in bits.
        bits: u32,
    },

    /// The modulus is longer than [`MAX_KEY_BITS`].
    #[error(
        "the key has {bits} bits, and over {MAX_KEY_BITS} none is accepted; \
         make a new one: `sigscript --new-key key.pem`"
    )]
    TooLarge {
        /// Size of the modulus, in bits.
        bits: u32,
    },

    /// The numbers do not belong together; signatures would not verify.
    #[error("the key is damaged: its numbers contradict one another; copy all of it again")]
    Inconsistent,
}

impl KeyError {
    /// The message for a key in a file: its commands name the file.
    #[must_use]
    pub fn for_file(&self, file: &Path) -> String {
        if matches!(self, Self::Empty) {
            return "the file is empty: was it emptied by mistake, or the disk full? Restore the key from a copy".to_owned();
        }
        self.to_string().replace("FILE", &shell_word(&file.to_string_lossy()))
    }
}

impl From<AddressError> for KeyError {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::KeyTooSmall { bits } => Self::TooSmall { bits },
            AddressError::KeyTooLarge { bits } => Self::TooLarge { bits },
            AddressError::EvenModulus | AddressError::Exponent => Self::Inconsistent,
            _ => Self::Malformed,
        }
    }
}

/// Why a text is not a usable address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The text is longer than [`MAX_KEY_TEXT`].
    #[error("the address has {length} bytes, and no address needs more than {MAX_KEY_TEXT}")]
    TooLong {
        /// Length of the text, in bytes.
        length: usize,
    },

    /// The text is not base64.
    #[error(
        "the address is not base64 text; it may hold no spaces or line breaks either; `base64 -w0` writes one line"
    )]
    NotBase64,

    /// The base64 does not hold a PEM public key.
    #[error("the address is not the base64 of a PEM public key; was all of it copied?")]
    NotPublicKey,

    /// A key in another format.
    #[error(
        "the address is {0}; an address is the base64 of a PEM public key, \
         and `sigscript --address --key-file FILE` prints that of a key"
    )]
    OtherForm(&'static str),

    /// A private key. Its sender has just exposed it.
    #[error(
        "sender is a private key: never hand it out, whoever sees it can spend your money; \
         the sender is the address, and this key should not be used again"
    )]
    PrivateKey,

    /// A public key of another algorithm than RSA.
    #[error("the address holds a public key that is not an RSA key")]
    NotRsa,

    /// The content does not match the PEM label.
    #[error("the address is damaged: its public key cannot be read")]
    Malformed,

    /// The modulus is shorter than [`MIN_KEY_BITS`].
    #[error("the address is a key of {bits} bits, and under {MIN_KEY_BITS} a key can be broken")]
    KeyTooSmall {
        /// Size of the modulus, in bits.
        bits: u32,
    },

    /// The modulus is longer than [`MAX_KEY_BITS`].
    #[error("the address is a key of {bits} bits, and over {MAX_KEY_BITS} none is accepted")]
    KeyTooLarge {
        /// Size of the modulus, in bits.
        bits: u32,
    },

    /// The modulus is even, so not a product of two odd primes.
    #[error("the address holds an even modulus, which no RSA key has")]
    EvenModulus,

    /// The public exponent is even, under 3 or over 2^33 - 1.
    #[error("the address holds a public exponent that is even, under 3 or over 8589934591; 65537 is usual")]
    Exponent,
}

/// Why a message could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignError {
    /// The operating system gave no random numbers for blinding.
    #[error("the operating system gave no random numbers to protect the key with while signing")]
    Randomness,

    /// The signature did not verify, because the machine miscalculated. It was discarded: a wrong signature can
    /// reveal the key.
    #[error("the new signature did not verify and was discarded")]
    Miscalculation,
}

/// Why a signature is invalid. Callers treat all variants alike: as a failed verification.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not the length of this address's signatures.
    #[error("the signature has {found} characters, but this address makes signatures of {expected}")]
    WrongLength {
        /// Length of a signature of this address, in characters.
        expected: usize,
        /// Length of the text given, in bytes.
        found: usize,
    },

    /// The text is not base64.
    #[error("the signature is not base64 text")]
    NotBase64,

    /// Not a number that this address's key could produce.
    #[error("the signature is out of range for this address's key")]
    OutOfRange,

    /// Made with another key or for another message.
    #[error("the signature is not this address's signature of this message")]
    Mismatch,
}

/// Why the one-shot [`verify`](crate::verify) failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The sender is not an address.
    #[error(transparent)]
    Address(#[from] AddressError),

    /// The signature is not the sender's.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}
