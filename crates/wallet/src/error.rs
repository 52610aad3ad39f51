//! What can go wrong, one enum for each operation. No message repeats key material.

use thiserror::Error;

use crate::{MAX_KEY_BITS, MAX_KEY_TEXT, MIN_KEY_BITS};

/// Why no new key could be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers to make a key from: {0}")]
    Randomness(#[source] getrandom::Error),

    /// The search for primes ended without a key.
    #[error("no RSA key could be made: {0}")]
    Search(String),
}

/// Why a text is not a usable private key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is longer than [`MAX_KEY_TEXT`].
    #[error("the key text has {length} bytes, and no key needs more than {MAX_KEY_TEXT}")]
    TooLong {
        /// Length of the text, in bytes.
        length: usize,
    },

    /// The secret is not base64.
    #[error("the secret is not base64 text; was all of it copied, and nothing else?")]
    NotBase64,

    /// There is no PEM block where one should be.
    #[error("the key is not PEM text; it should begin with -----BEGIN RSA PRIVATE KEY----- and be complete")]
    NotPem,

    /// A public key, from which nothing can be signed.
    #[error("this is a public key (an address); signing takes the private key (the secret)")]
    PublicKey,

    /// The private key is protected by a password.
    #[error("the private key is encrypted; remove its password first, for example with `openssl pkey`")]
    Encrypted,

    /// A PEM block or an algorithm other than RSA.
    #[error("the key is not an RSA private key in PKCS#1 or PKCS#8 form")]
    NotRsa,

    /// The PEM block does not hold the structure its label promises.
    #[error("the private key is damaged: its content cannot be read")]
    Malformed,

    /// The modulus is shorter than [`MIN_KEY_BITS`].
    #[error("the key has {bits} bits, and under {MIN_KEY_BITS} a key can be broken")]
    TooSmall {
        /// Size of the modulus, in bits.
        bits: u32,
    },

    /// The modulus is longer than [`MAX_KEY_BITS`].
    #[error("the key has {bits} bits, and over {MAX_KEY_BITS} none is accepted")]
    TooLarge {
        /// Size of the modulus, in bits.
        bits: u32,
    },

    /// The numbers of the key contradict one another, so that its signatures would not verify.
    #[error("the private key is damaged: its numbers contradict one another")]
    Inconsistent,
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
    #[error("the address is not base64 text; it may hold no spaces or line breaks either")]
    NotBase64,

    /// The base64 does not hold the PEM of a public key.
    #[error("the address is not the base64 of a PEM public key")]
    NotPublicKey,

    /// The text is a private key: whoever sent it has just shown it.
    #[error(
        "sender is a private key: never hand it out, whoever sees it can spend your money; \
         the sender is the address, and this key should not be used again"
    )]
    PrivateKey,

    /// The public key is of another algorithm than RSA.
    #[error("the address holds a public key that is not an RSA key")]
    NotRsa,

    /// The PEM block does not hold the structure its label promises.
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

    /// The modulus is even, so it is no product of two odd primes.
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
    /// The operating system gave no random numbers to blind the computation with.
    #[error("the operating system gave no random numbers to protect the key with while signing")]
    Randomness,

    /// The result did not check, which happens when the machine miscalculates; a wrong signature can betray
    /// the key, so it was thrown away.
    #[error("the signature made did not check, and was thrown away")]
    Fault,
}

/// Why a signature is not a proof. For a caller all three mean: signature verification failure.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The text has not the one length that signatures of this address have.
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

    /// The number that the text encodes is none that this address's key could make.
    #[error("the signature is not a number of the size of this address's key, and below its modulus")]
    OutOfRange,

    /// Another key, or another message, was signed.
    #[error("the signature is not this address's signature of this message")]
    Mismatch,
}

/// Why the one-shot [`verify`](crate::verify) did not find a proof.
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
