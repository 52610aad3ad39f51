//! Signs messages and checks signatures: RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2) with MD5 (RFC 1321).

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
#[cfg(feature = "keygen")]
use getrandom::SysRng;
use md5::{Digest as _, Md5};
use rsa::rand_core::{CryptoRng, TryCryptoRng};
use rsa::traits::SignatureScheme as _;

use crate::numbers::scheme;
use crate::{PublicKey, SignError, SignatureError, VerifyError, Wallet};

/// A signature as text: base64, 344 characters for a key of 2048 bits.
///
/// Made by [`Wallet::sign`], or read by [`Signature::read`] as a Python node does. [`PublicKey::verify`] takes
/// any text in the standard form, since what others send is not known to be a signature.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature(String);

impl Signature {
    /// The signature as base64 text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Wraps a text that is known to be standard base64.
    pub(crate) fn of(text: String) -> Self {
        Self(text)
    }

    /// Returns the base64 text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Wallet {
    /// Signs a message (tutorial, section 5.2).
    ///
    /// The same message always gives the same signature. Random numbers from the operating system blind the
    /// computation, so that its duration reveals nothing about the key; they cancel out in the result.
    ///
    /// # Errors
    ///
    /// [`SignError`] without random numbers, or if the result does not verify. Neither happens on a healthy
    /// machine.
    ///
    /// # Examples
    ///
    /// ```
    /// let wallet = wallet::Wallet::generate()?;
    /// let signature = wallet.sign(b"hello")?;
    /// assert_eq!(signature.as_str().len(), 344);
    /// assert_eq!(signature, wallet.sign(b"hello")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "keygen")]
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        self.blinded(&mut SysRng, message)
    }

    /// Signs like `sign`, blinded with the given random numbers, which do not affect the signature.
    ///
    /// # Errors
    ///
    /// [`SignError::Miscalculation`], which never happens on a healthy machine.
    pub fn sign_with<R: CryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        message: &[u8],
    ) -> Result<Signature, SignError> {
        self.blinded(rng, message)
    }

    fn blinded<R: TryCryptoRng + ?Sized>(&self, rng: &mut R, message: &[u8]) -> Result<Signature, SignError> {
        match scheme().sign(Some(rng), self.key(), &Md5::digest(message)) {
            Ok(bytes) => Ok(Signature(BASE64_STANDARD.encode(bytes))),
            Err(rsa::Error::Rng) => Err(SignError::Randomness),
            Err(_) => Err(SignError::Miscalculation),
        }
    }
}

impl PublicKey {
    /// Checks that the signature was made for this message with this address's secret (tutorial, section 5.3).
    ///
    /// # Errors
    ///
    /// [`SignatureError`] says what is wrong, for the log. The sender should learn only that the check failed.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{SignatureError, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// let signature = wallet.sign(b"hello")?;
    /// assert_eq!(wallet.address().verify(b"hello", signature.as_str()), Ok(()));
    /// assert_eq!(wallet.address().verify(b"hallo", signature.as_str()), Err(SignatureError::Mismatch));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify(&self, message: &[u8], signature: &str) -> Result<(), SignatureError> {
        let (expected, found) = (self.verifier().size().div_ceil(3) * 4, signature.len());
        if found != expected {
            return Err(SignatureError::WrongLength { expected, found });
        }
        let bytes = BASE64_STANDARD.decode(signature).map_err(|_| SignatureError::NotBase64)?;
        if !self.verifier().is_in_range(&bytes) {
            return Err(SignatureError::OutOfRange);
        }
        let is_right = self.verifier().is_signature(&Md5::digest(message).into(), &bytes);
        if is_right { Ok(()) } else { Err(SignatureError::Mismatch) }
    }
}

/// Parses the sender and checks one signature.
///
/// For several signatures of one sender, call [`PublicKey::parse`] once and then [`PublicKey::verify`].
///
/// # Errors
///
/// [`VerifyError::Address`] if the sender is not an address, [`VerifyError::Signature`] if the signature is
/// invalid.
///
/// # Examples
///
/// ```
/// let wallet = wallet::Wallet::generate()?;
/// let signature = wallet.sign(b"hello")?;
/// assert!(wallet::verify(wallet.address().as_str(), b"hello", signature.as_str()).is_ok());
/// assert!(wallet::verify("bob", b"hello", signature.as_str()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(sender: &str, message: &[u8], signature: &str) -> Result<(), VerifyError> {
    Ok(PublicKey::parse(sender)?.verify(message, signature)?)
}
