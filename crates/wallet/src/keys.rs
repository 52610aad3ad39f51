//! The key pair: generating, reading and writing it.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
#[cfg(feature = "keygen")]
use chacha20::ChaCha20Rng;
#[cfg(feature = "keygen")]
use getrandom::SysRng;
use rsa::pkcs1::{EncodeRsaPrivateKey as _, LineEnding};
use rsa::rand_core::CryptoRng;
#[cfg(feature = "keygen")]
use rsa::rand_core::SeedableRng as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use zeroize::Zeroizing;

use crate::read::{self, Key};
use crate::{GenerateError, KeyError, NEW_KEY_BITS, PublicKey};

/// A key pair: the secret to sign with, and the address that others know (tutorial, section 5).
///
/// Dropping it erases the private numbers from memory. `Debug` shows only the address's fingerprint. There is no
/// `Display`: a secret is printed only by calling [`secret`](Self::secret).
pub struct Wallet {
    key: RsaPrivateKey,
    address: PublicKey,
}

impl Wallet {
    /// Generates a wallet: RSA, 2048 bits, public exponent 65537.
    ///
    /// Reads 256 random bits from the operating system once, before the prime search, and expands them with ChaCha20.
    /// Only that read can fail.
    ///
    /// # Errors
    ///
    /// [`GenerateError::Randomness`] if the operating system has no random numbers.
    ///
    /// # Examples
    ///
    /// ```
    /// let wallet = wallet::Wallet::generate()?;
    /// assert_eq!(wallet.address().as_str().len(), 600);
    /// # Ok::<(), wallet::GenerateError>(())
    /// ```
    #[cfg(feature = "keygen")]
    pub fn generate() -> Result<Self, GenerateError> {
        let mut rng = ChaCha20Rng::try_from_rng(&mut SysRng).map_err(GenerateError::Randomness)?;
        Self::generate_with(&mut rng)
    }

    /// Generates a wallet from the given random numbers.
    ///
    /// The key is as good as the numbers: whoever can guess them owns the wallet. Use this where there is no
    /// operating system to ask, such as in WebAssembly.
    ///
    /// # Errors
    ///
    /// [`GenerateError::Search`] if the prime search fails, which never happens with good random numbers.
    pub fn generate_with<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<Self, GenerateError> {
        let bits = NEW_KEY_BITS as usize;
        let key = RsaPrivateKey::new(rng, bits).map_err(|error| GenerateError::Search(error.to_string()))?;
        Ok(Self::of_key(key))
    }

    /// Reads the private key in a file or text, in any common format.
    ///
    /// Supports the secret (base64 of a PEM), PEM blocks anywhere in a text, DER, OpenSSH keys, JWK and the
    /// XML of .NET; PKCS#1 (RFC 8017) and PKCS#8 (RFC 5958); in UTF-8 and UTF-16, with any line ends or none.
    ///
    /// # Errors
    ///
    /// One variant of [`KeyError`] per problem. [`KeyError::Form`] names an unsupported format and the command that
    /// converts it. A key with inconsistent numbers is refused here, so that it cannot make invalid signatures
    /// later.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{KeyError, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// let file = format!("# Alice's key\r\n{}", wallet.to_pem().replace('\n', "  \r\n"));
    /// assert_eq!(Wallet::read(file.as_bytes())?.address(), wallet.address());
    /// assert_eq!(Wallet::read(b"open sesame!").err(), Some(KeyError::NotBase64));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        match read::read(bytes)? {
            Key::Private(key) => Ok(Self::of_key(*key)),
            Key::Public(_) => Err(KeyError::PublicKey),
        }
    }

    /// Reads a private key in PEM. Same as [`read`](Self::read).
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::read(pem.as_bytes())
    }

    /// Reads a secret, the base64 of a private key's PEM, as printed by [`secret`](Self::secret) and the Python
    /// node. Same as [`read`](Self::read).
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{KeyError, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// assert_eq!(Wallet::from_secret(&wallet.secret())?.address(), wallet.address());
    /// assert_eq!(Wallet::from_secret(wallet.address().as_str()).err(), Some(KeyError::PublicKey));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_secret(secret: &str) -> Result<Self, KeyError> {
        Self::read(secret.as_bytes())
    }

    /// The address: the public half, to be shared.
    #[must_use]
    pub fn address(&self) -> &PublicKey {
        &self.address
    }

    /// The secret: base64 of the private key's PKCS#1 PEM without a final line end (tutorial, section 5.1).
    ///
    /// Whoever has it can spend the wallet's money. Dropping the text erases it from memory.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(self.to_pem().trim_end()))
    }

    /// The private key as PKCS#1 PEM with a final line end, for a file. As secret as [`secret`](Self::secret).
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        self.key.to_pkcs1_pem(LineEnding::LF).expect("a checked RSA key has a PKCS#1 form")
    }

    /// Combines a checked key with its address.
    fn of_key(key: RsaPrivateKey) -> Self {
        let address = PublicKey::of_key(RsaPublicKey::from(&key));
        Self { key, address }
    }

    /// The signing key.
    pub(crate) fn key(&self) -> &RsaPrivateKey {
        &self.key
    }
}

impl fmt::Debug for Wallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wallet").field("address", &self.address).finish_non_exhaustive()
    }
}
