//! The key pair: made, read from text, written as text.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chacha20::ChaCha20Rng;
use getrandom::SysRng;
use rsa::pkcs1::{ALGORITHM_OID, EncodeRsaPrivateKey as _, LineEnding, RsaPrivateKeyRef};
use rsa::pkcs8::PrivateKeyInfoRef;
use rsa::pkcs8::der::Decode as _;
use rsa::rand_core::{CryptoRng, SeedableRng as _};
use rsa::traits::SignatureScheme as _;
use rsa::{BoxedUint, RsaPrivateKey, RsaPublicKey};
use zeroize::Zeroizing;

use crate::pem::Pem;
use crate::signature::scheme;
use crate::{Address, GenerateError, KeyError, MAX_KEY_BITS, MAX_KEY_TEXT, MIN_KEY_BITS, NEW_KEY_BITS};

/// A key pair: the secret to sign with, and the address to be known by (tutorial, section 5).
///
/// The private numbers are erased from memory on drop. `Debug` shows the address's fingerprint and nothing
/// else, and there is no `Display`: a secret is printed only by someone who asks for [`secret`](Self::secret)
/// by name.
pub struct Wallet {
    key: RsaPrivateKey,
    address: Address,
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
    pub fn generate() -> Result<Self, GenerateError> {
        let mut rng = ChaCha20Rng::try_from_rng(&mut SysRng).map_err(GenerateError::Randomness)?;
        Self::generate_with(&mut rng)
    }

    /// Makes a new wallet from the random numbers given.
    ///
    /// The key is as good as the numbers: whoever can guess them has the wallet.
    ///
    /// # Errors
    ///
    /// [`GenerateError::Search`] when the search for primes gives up, which good random numbers never cause.
    pub fn generate_with<R: CryptoRng + ?Sized>(rng: &mut R) -> Result<Self, GenerateError> {
        let bits = NEW_KEY_BITS as usize;
        let key = RsaPrivateKey::new(rng, bits).map_err(|error| GenerateError::Search(error.to_string()))?;
        Ok(Self::of_key(key))
    }

    /// Reads a private key in PEM: PKCS#1 (`RSA PRIVATE KEY`, RFC 8017) or PKCS#8 (`PRIVATE KEY`, RFC 5958).
    ///
    /// White space around the block and CRLF line ends do no harm.
    ///
    /// # Errors
    ///
    /// One variant of [`KeyError`] for each thing that can be wrong. A key whose numbers contradict one
    /// another is refused here, rather than making signatures later that nobody accepts.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{KeyError, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// assert_eq!(Wallet::from_pem(&wallet.to_pem())?.address(), wallet.address());
    /// assert_eq!(Wallet::from_pem("open sesame").err(), Some(KeyError::NotPem));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        check_length(pem)?;
        let text = pem.trim();
        if text.starts_with("-----BEGIN ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        let pem = Pem::decode(text).map_err(|_| KeyError::NotPem)?;
        let key = match pem.label {
            "RSA PRIVATE KEY" => read_pkcs1(&pem.der)?,
            "PRIVATE KEY" => read_pkcs8(&pem.der)?,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err(KeyError::PublicKey),
            _ => return Err(KeyError::NotRsa),
        };
        Ok(Self::of_key(key))
    }

    /// Reads a secret: the base64 of a private key's PEM, as [`secret`](Self::secret) and the Python node
    /// print it.
    ///
    /// White space in the text, such as the line ends of the `base64` command, is skipped.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotBase64`], and what [`from_pem`](Self::from_pem) refuses.
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
        check_length(secret)?;
        let mut packed = Zeroizing::new(Vec::with_capacity(secret.len()));
        packed.extend(secret.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        let pem = BASE64_STANDARD.decode(&packed).map(Zeroizing::new);
        let pem = pem.map_err(|_| KeyError::NotBase64)?;
        Self::from_pem(str::from_utf8(&pem).map_err(|_| KeyError::NotPem)?)
    }

    /// The address: the public half, to be handed out.
    #[must_use]
    pub fn address(&self) -> &Address {
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
        let address = Address::of_key(RsaPublicKey::from(&key));
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

/// Refuses a text that is longer than any key, before anything is computed from it.
fn check_length(text: &str) -> Result<(), KeyError> {
    let length = text.len();
    if length > MAX_KEY_TEXT { Err(KeyError::TooLong { length }) } else { Ok(()) }
}

/// Unwraps the PKCS#8 envelope (RFC 5958): an algorithm, and the PKCS#1 key.
fn read_pkcs8(der: &[u8]) -> Result<RsaPrivateKey, KeyError> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
    if info.algorithm.oid != ALGORITHM_OID {
        return Err(KeyError::NotRsa);
    }
    read_pkcs1(info.private_key.as_bytes())
}

/// Reads the eight numbers of a PKCS#1 key (RFC 8017, appendix A.1.2), and checks them.
fn read_pkcs1(der: &[u8]) -> Result<RsaPrivateKey, KeyError> {
    let parts = RsaPrivateKeyRef::from_der(der).map_err(|_| KeyError::Malformed)?;
    let bits = BoxedUint::from_be_slice_vartime(parts.modulus.as_bytes()).bits_vartime();
    if bits < MIN_KEY_BITS {
        return Err(KeyError::TooSmall { bits });
    }
    if bits > MAX_KEY_BITS {
        return Err(KeyError::TooLarge { bits });
    }
    let key = RsaPrivateKey::try_from(parts).map_err(|_| KeyError::Inconsistent)?;
    check_consistency(&key, der)?;
    Ok(key)
}

/// Checks what reading alone does not: that the three numbers which follow from the others are right, and
/// that the two primes are prime. Writing the key again shows the first; a signature that checks, the second.
fn check_consistency(key: &RsaPrivateKey, der: &[u8]) -> Result<(), KeyError> {
    let written = key.to_pkcs1_der().map_err(|_| KeyError::Inconsistent)?;
    if written.as_bytes() != der {
        return Err(KeyError::Inconsistent);
    }
    // Not blinded: one signature of a constant tells nobody anything, and reading should need no randomness.
    let digest = [0x5a; 16];
    let signature =
        scheme().sign(None::<&mut ChaCha20Rng>, key, &digest).map_err(|_| KeyError::Inconsistent)?;
    scheme().verify(&RsaPublicKey::from(key), &digest, &signature).map_err(|_| KeyError::Inconsistent)
}
