//! OpenSSH's formats: `openssh-key-v1` of `ssh-keygen` (PROTOCOL.key in its sources) and the line `ssh-rsa AAAA…`
//! (RFC 4253, section 6.6). Both consist of length-prefixed strings.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use zeroize::Zeroizing;

use super::key::Key;
use crate::{KeyError, KeyForm, numbers};

/// The start of a private key.
pub(super) const PRIVATE: &[u8] = b"openssh-key-v1\0";

/// The start of an RSA public key.
pub(super) const PUBLIC: &[u8] = b"\0\0\0\x07ssh-rsa";

/// Reads an unencrypted private key.
pub(super) fn read_private(bytes: &[u8]) -> Result<Key, KeyError> {
    let mut outer = Strings(bytes.strip_prefix(PRIVATE).ok_or(KeyError::Malformed)?);
    let (cipher, _kdf, _options) = (outer.next()?, outer.next()?, outer.next()?);
    let (keys, public) = (outer.number()?, outer.next()?);
    check_algorithm(Strings(public).next()?)?;
    if cipher != b"none" {
        return Err(KeyForm::EncryptedOpenSsh.into());
    }
    // Two equal numbers show that the key was decrypted correctly.
    let mut inner = Strings(outer.next()?);
    if keys != 1 || inner.number()? != inner.number()? {
        return Err(KeyError::Malformed);
    }
    check_algorithm(inner.next()?)?;
    let (n, e, d) = (inner.next()?, inner.next()?, inner.next()?);
    let (_inverse, p, q) = (inner.next()?, inner.next()?, inner.next()?);
    numbers::private([n, e, d, p, q]).map(Key::from)
}

/// Reads the body of a public key.
pub(super) fn read_public(bytes: &[u8]) -> Result<Key, KeyError> {
    let mut strings = Strings(bytes);
    check_algorithm(strings.next()?)?;
    let (e, n) = (strings.next()?, strings.next()?);
    Ok(Key::Public(numbers::public(n, e)?))
}

/// Reads the line of a public key, as in `id_rsa.pub` and `authorized_keys`; `None` for any other text.
pub(super) fn read_line(text: &str) -> Option<Result<Key, KeyError>> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_key = |pair: &&[&str]| is_algorithm(pair[0]) && pair[1].starts_with("AAAA");
    let [algorithm, body] = words.windows(2).find(is_key)? else { return None };
    let key = || {
        check_algorithm(algorithm.as_bytes())?;
        read_public(&Zeroizing::new(BASE64_STANDARD.decode(body).map_err(|_| KeyError::CutShort)?))
    };
    Some(key())
}

fn is_algorithm(word: &str) -> bool {
    ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|start| word.starts_with(start))
}

fn check_algorithm(name: &[u8]) -> Result<(), KeyError> {
    let algorithm = match name {
        b"ssh-rsa" => return Ok(()),
        b"ssh-ed25519" => "Ed25519",
        b"ssh-dss" => "DSA",
        _ if name.starts_with(b"ecdsa-") => "elliptic-curve",
        _ => "another one",
    };
    Err(KeyForm::Algorithm(algorithm).into())
}

/// Length-prefixed strings (RFC 4251, section 5).
struct Strings<'a>(&'a [u8]);

impl<'a> Strings<'a> {
    fn number(&mut self) -> Result<u32, KeyError> {
        let (number, rest) = self.0.split_first_chunk::<4>().ok_or(KeyError::CutShort)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*number))
    }

    fn next(&mut self) -> Result<&'a [u8], KeyError> {
        let length = self.number()? as usize;
        let (string, rest) = self.0.split_at_checked(length).ok_or(KeyError::CutShort)?;
        self.0 = rest;
        Ok(string)
    }
}
