//! The public half of a key pair, and the one door through which a text becomes one.

use std::fmt;
use std::hash::{Hash, Hasher};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rsa::pkcs1::{ALGORITHM_OID, RsaPublicKeyRef};
use rsa::pkcs8::der::Decode as _;
use rsa::pkcs8::{EncodePublicKey as _, LineEnding, SubjectPublicKeyInfoRef};
use rsa::{BoxedUint, RsaPublicKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::pem::Pem;
use crate::verifier::Verifier;
use crate::{AddressError, MAX_KEY_BITS, MAX_KEY_TEXT, MIN_KEY_BITS};

/// An address: the base64 of a public key's PEM (tutorial, section 5.1), checked.
///
/// It keeps the text exactly as it was given, since that text is what is signed and hashed, beside the key
/// read from it, so that checking many signatures reads the key once. Two addresses are equal when their
/// texts are; see [`same_key`](Self::same_key) for the other question. `Debug` shows the
/// [fingerprint](Self::fingerprint).
#[derive(Clone)]
pub struct Address {
    text: String,
    key: RsaPublicKey,
    verifier: Verifier,
}

impl Address {
    /// Reads and checks an address.
    ///
    /// The text is standard base64, padded, of a PEM public key: `PUBLIC KEY` (SubjectPublicKeyInfo,
    /// RFC 5280) or `RSA PUBLIC KEY` (PKCS#1, RFC 8017 appendix A.1.1), with or without a last line end.
    /// Python's reader skips characters that are no base64, such as spaces; here they are refused, as two
    /// texts that look the same should not be two senders.
    ///
    /// # Errors
    ///
    /// One variant of [`AddressError`] for each thing that can be wrong. A key that is small enough to be
    /// broken, or so large that checking its signatures would keep a node busy, is refused before any
    /// arithmetic.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{Address, AddressError, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// assert_eq!(&Address::parse(wallet.address().as_str())?, wallet.address());
    /// assert_eq!(Address::parse("bob"), Err(AddressError::NotBase64));
    /// assert_eq!(Address::parse(&wallet.secret()), Err(AddressError::PrivateKey));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_KEY_TEXT {
            return Err(AddressError::TooLong { length: text.len() });
        }
        if is_private_key(text) {
            return Err(AddressError::PrivateKey);
        }
        let pem = Zeroizing::new(BASE64_STANDARD.decode(text).map_err(|_| AddressError::NotBase64)?);
        let pem = str::from_utf8(&pem).map_err(|_| AddressError::NotPublicKey)?;
        let key = read_public_pem(pem)?;
        Ok(Self { text: text.to_owned(), verifier: Verifier::new(&key), key })
    }

    /// Writes the address of a key whose size is known to be good.
    pub(crate) fn of_key(key: RsaPublicKey) -> Self {
        let pem = key.to_public_key_pem(LineEnding::LF).expect("a checked RSA key has a DER form");
        Self { text: BASE64_STANDARD.encode(pem.trim_end()), verifier: Verifier::new(&key), key }
    }

    /// The address as text, exactly as it was given; 600 characters for a key of 2048 bits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A short name of the key for logs: the first 16 hex digits of the SHA-256 of its SubjectPublicKeyInfo
    /// (RFC 5280).
    ///
    /// Addresses of the [same key](Self::same_key) share it, however they are written.
    ///
    /// # Examples
    ///
    /// ```
    /// let wallet = wallet::Wallet::generate()?;
    /// assert_eq!(wallet.address().fingerprint().len(), 16);
    /// # Ok::<(), wallet::GenerateError>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let der = self.key.to_public_key_der().expect("a checked RSA key has a DER form");
        let digest: [u8; 32] = Sha256::digest(der.as_bytes()).into();
        digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the two addresses are the same key, perhaps written in two ways.
    #[must_use]
    pub fn same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// The key, ready to check signatures.
    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

/// Whether the text is a private key: as PEM, or as the base64 of a PEM.
fn is_private_key(text: &str) -> bool {
    const MARK: &str = "PRIVATE KEY-----";
    let decoded = Zeroizing::new(BASE64_STANDARD.decode(text.trim()).unwrap_or_default());
    text.contains(MARK) || decoded.windows(MARK.len()).any(|window| window == MARK.as_bytes())
}

/// Reads a PEM public key of either form.
fn read_public_pem(pem: &str) -> Result<RsaPublicKey, AddressError> {
    let pem = Pem::decode(pem).map_err(|_| AddressError::NotPublicKey)?;
    match pem.label {
        "PUBLIC KEY" => {
            let info = SubjectPublicKeyInfoRef::from_der(&pem.der).map_err(|_| AddressError::Malformed)?;
            if info.algorithm.oid != ALGORITHM_OID {
                return Err(AddressError::NotRsa);
            }
            read_pkcs1(info.subject_public_key.as_bytes().ok_or(AddressError::Malformed)?)
        }
        "RSA PUBLIC KEY" => read_pkcs1(&pem.der),
        _ => Err(AddressError::NotPublicKey),
    }
}

/// Reads modulus and exponent (RFC 8017, appendix A.1.1), and checks both.
fn read_pkcs1(der: &[u8]) -> Result<RsaPublicKey, AddressError> {
    let parts = RsaPublicKeyRef::from_der(der).map_err(|_| AddressError::Malformed)?;
    let modulus = BoxedUint::from_be_slice_vartime(parts.modulus.as_bytes());
    let exponent = BoxedUint::from_be_slice_vartime(parts.public_exponent.as_bytes());
    let bits = modulus.bits_vartime();
    if bits < MIN_KEY_BITS {
        return Err(AddressError::KeyTooSmall { bits });
    }
    if bits > MAX_KEY_BITS {
        return Err(AddressError::KeyTooLarge { bits });
    }
    if parts.modulus.as_bytes().last().is_none_or(|byte| byte % 2 == 0) {
        return Err(AddressError::EvenModulus);
    }
    // What is left for `new` to refuse is an exponent that is even, under 3 or over 2^33 - 1.
    RsaPublicKey::new(modulus, exponent).map_err(|_| AddressError::Exponent)
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Address {}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.fingerprint())
    }
}
