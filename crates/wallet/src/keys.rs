//! The key pair: made, read from text, written as text.

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

/// A key pair: the secret to sign with, and the address to be known by (tutorial, section 5).
///
/// The private numbers are erased from memory on drop. `Debug` shows the address's fingerprint and nothing
/// else, and there is no `Display`: a secret is printed only by someone who asks for [`secret`](Self::secret)
/// by name.
pub struct Wallet {
    key: RsaPrivateKey,
    address: PublicKey,
}

impl Wallet {
    /// Makes a new wallet: RSA, 2048 bits, public exponent 65537.
    ///
    /// The operating system is asked once, for 256 random bits; ChaCha20 stretches them to what the search
    /// for two primes uses up. So the only thing that can fail is that one request, and it fails before the
    /// search.
    ///
    /// # Errors
    ///
    /// [`GenerateError::Randomness`] when the operating system has no random numbers to give.
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

    /// Makes a new wallet from the random numbers given.
    ///
    /// The key is as good as the numbers: whoever can guess them has the wallet. It is the way to a key where there is no
    /// operating system to ask, as in WebAssembly, whose programs get random numbers from the page around them.
    ///
    /// # Errors
    ///
    /// [`GenerateError::Search`] when the search for primes gives up, which good random numbers never cause.
    pub fn generate_with<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<Self, GenerateError> {
        let bits = NEW_KEY_BITS as usize;
        let key = RsaPrivateKey::new(rng, bits).map_err(|error| GenerateError::Search(error.to_string()))?;
        Ok(Self::of_key(key))
    }

    /// Reads the private key in a file or text, in any form in which tools and places give one.
    ///
    /// Read are the secret (base64 of a PEM), PEM blocks wherever they stand in a text, DER, OpenSSH's form, JWK and
    /// the XML of .NET; PKCS#1 (RFC 8017) and PKCS#8 (RFC 5958); in UTF-8 and UTF-16, with any line ends or none.
    ///
    /// # Errors
    ///
    /// One variant of [`KeyError`] for each thing that can be wrong; [`KeyError::Form`] names a form that is not read
    /// and the command that converts it. A key whose numbers contradict one another is refused here, rather than making
    /// signatures later that nobody accepts.
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

    /// Reads a private key in PEM: [`read`](Self::read), for text.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::read(pem.as_bytes())
    }

    /// Reads a secret, the base64 of a private key's PEM, as [`secret`](Self::secret) and the Python node print it:
    /// [`read`](Self::read), for text.
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

    /// The address: the public half, to be handed out.
    #[must_use]
    pub fn address(&self) -> &PublicKey {
        &self.address
    }

    /// The secret: base64 of the private key's PKCS#1 PEM without a last line end (tutorial, section 5.1).
    ///
    /// Whoever has it can spend the wallet's money. The text is erased from memory on drop.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(self.to_pem().trim_end()))
    }

    /// The private key as PKCS#1 PEM, for a file; it ends with a line end. As secret as
    /// [`secret`](Self::secret).
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        self.key.to_pkcs1_pem(LineEnding::LF).expect("a checked RSA key has a PKCS#1 form")
    }

    /// Joins a checked key and its address.
    fn of_key(key: RsaPrivateKey) -> Self {
        let address = PublicKey::of_key(RsaPublicKey::from(&key));
        Self { key, address }
    }

    /// The key signatures are made with.
    pub(crate) fn key(&self) -> &RsaPrivateKey {
        &self.key
    }
}

impl fmt::Debug for Wallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wallet").field("address", &self.address).finish_non_exhaustive()
    }
}
