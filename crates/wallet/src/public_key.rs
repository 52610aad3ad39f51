//! The public half of a key pair, checked when it is read from a text.

use std::fmt;
use std::hash::{Hash, Hasher};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rsa::RsaPublicKey;
use rsa::pkcs8::der::Decode as _;
use rsa::pkcs8::{EncodePublicKey as _, LineEnding, SubjectPublicKeyInfoRef};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::read::{self, Key};
use crate::secret::{is_private_der, is_private_key};
use crate::verifier::Verifier;
use crate::{AddressError, KeyError, MAX_KEY_TEXT, numbers, python};

/// An address: the base64 of a public key's PEM (tutorial, section 5.1), checked.
///
/// Keeps the text unchanged, since that is what is signed and hashed, and the parsed key, so that it is parsed once
/// for many signatures. Two addresses are equal if their texts are; [`same_key`](Self::same_key) compares the
/// keys. `Debug` shows the [fingerprint](Self::fingerprint).
#[derive(Clone)]
pub struct PublicKey {
    text: String,
    key: RsaPublicKey,
    verifier: Verifier,
}

impl PublicKey {
    /// Parses and checks an address.
    ///
    /// The text is padded standard base64 of a PEM public key: SubjectPublicKeyInfo (RFC 5280) or PKCS#1 (RFC 8017
    /// appendix A.1.1), with lines as a Python node accepts them: any width, any line ends. Python also skips
    /// characters that are not base64, such as spaces. They are refused here: two texts that look the same should
    /// not be two senders.
    ///
    /// # Errors
    ///
    /// One variant of [`AddressError`] per problem. A key that is too small, or so large that its signatures would
    /// keep a node busy, is refused before any arithmetic.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{PublicKey, AddressError, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// assert_eq!(&PublicKey::parse(wallet.address().as_str())?, wallet.address());
    /// assert_eq!(PublicKey::parse("bob"), Err(AddressError::NotBase64));
    /// assert_eq!(PublicKey::parse(&wallet.secret()), Err(AddressError::PrivateKey));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_KEY_TEXT {
            return Err(AddressError::TooLong { length: text.len() });
        }
        if is_private_key(text) {
            return Err(AddressError::PrivateKey);
        }
        let decoded = BASE64_STANDARD.decode(text).map(Zeroizing::new).map_err(|_| not_base64(text))?;
        let der = python::pem(&decoded).map(Zeroizing::new);
        let der = der.ok_or_else(|| other_form(&decoded).unwrap_or(AddressError::NotPublicKey))?;
        let key = read_public(&der).map_err(|error| other_form(&decoded).unwrap_or(error))?;
        Ok(Self { text: text.to_owned(), verifier: Verifier::new(&key), key })
    }

    /// Derives the address of the key in a file or text: private or public, in any format that
    /// [`Wallet::read`](crate::Wallet::read) supports. Accepts an address, too.
    ///
    /// # Errors
    ///
    /// [`KeyError`], as from [`Wallet::read`](crate::Wallet::read).
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::{PublicKey, Wallet};
    ///
    /// let wallet = Wallet::generate()?;
    /// assert_eq!(&PublicKey::read(wallet.to_pem().as_bytes())?, wallet.address());
    /// assert_eq!(&PublicKey::read(wallet.address().as_str().as_bytes())?, wallet.address());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        Ok(Self::of_key(match read::read(bytes)? {
            Key::Private(key) => RsaPublicKey::from(&*key),
            Key::Public(key) => key,
        }))
    }

    /// Encodes a key whose size was checked.
    pub(crate) fn of_key(key: RsaPublicKey) -> Self {
        let pem = key.to_public_key_pem(LineEnding::LF).expect("a checked RSA key has a DER form");
        Self { text: BASE64_STANDARD.encode(pem.trim_end()), verifier: Verifier::new(&key), key }
    }

    /// The address as text, unchanged; 600 characters for a key of 2048 bits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A short name for logs: the first 16 hex digits of the SHA-256 of the key's SubjectPublicKeyInfo (RFC 5280).
    ///
    /// Two addresses with the [same key](Self::same_key) share it.
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

    /// Whether two addresses hold the same key, perhaps encoded differently.
    #[must_use]
    pub fn same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// The key, prepared for checking signatures.
    pub(crate) fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

/// Recognises a key in another format.
fn other_form(bytes: &[u8]) -> Option<AddressError> {
    let form = match bytes {
        bytes if bytes.starts_with(b"-----BEGIN CERTIFICATE") => "a certificate",
        bytes if bytes.starts_with(b"ssh-") => "an OpenSSH public key",
        [0x30, 0x80..=0x84, ..] => "a key in DER",
        _ => return None,
    };
    Some(AddressError::OtherForm(form))
}

/// Why a text is not base64: it may be the key's file itself.
fn not_base64(text: &str) -> AddressError {
    let text = text.trim_start();
    other_form(text.as_bytes()).unwrap_or(match text.starts_with("-----BEGIN ") {
        true => AddressError::OtherForm("PEM text"),
        false => AddressError::NotBase64,
    })
}

/// Parses a public key in either format.
fn read_public(der: &[u8]) -> Result<RsaPublicKey, AddressError> {
    if is_private_der(der) {
        return Err(AddressError::PrivateKey);
    }
    if let Ok(info) = SubjectPublicKeyInfoRef::from_der(der) {
        if !numbers::is_rsa(&info.algorithm) {
            return Err(AddressError::NotRsa);
        }
        return numbers::public_pkcs1(info.subject_public_key.as_bytes().ok_or(AddressError::Malformed)?);
    }
    numbers::public_pkcs1(der)
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}
