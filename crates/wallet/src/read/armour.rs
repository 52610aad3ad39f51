//! PEM blocks (RFC 7468) anywhere in a text.
//!
//! Text around blocks is explanation (section 2), such as the "Bag Attributes" of `openssl pkcs12`, a certificate
//! beside its key, or the name of a setting. Lines have any width and any end, including a literal `\n` as in
//! configuration files.

use super::key::Key;
use super::{base64, der, ssh};
use crate::{KeyError, KeyForm};

/// The start of each block.
pub(super) const BEGIN: &str = "-----BEGIN ";

const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Characters of a label that a message shows.
const SHOWN: usize = 40;

/// A block that is not decoded yet.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

/// Reads the private key of a text, or else its public key. Without any, reports the error of the most relevant
/// block.
pub(super) fn read(text: &str) -> Result<Key, KeyError> {
    let (mut private, mut public, mut reason) = (None, None, None);
    for key in blocks(text).map(|block| block.and_then(|block| block.read())) {
        match key {
            Ok(Key::Private(key)) if private.as_ref().is_some_and(|other| *other != key) => {
                return Err(KeyError::Several);
            }
            Ok(Key::Private(key)) => private = Some(key),
            Ok(Key::Public(key)) => public = public.or(Some(key)),
            Err(error) if is_beside_a_key(&error) => reason = reason.or(Some(error)),
            Err(error) => reason = Some(error),
        }
    }
    match (private, public, reason) {
        (Some(key), ..) => Ok(Key::Private(key)),
        (None, Some(key), None) => Ok(Key::Public(key)),
        (None, Some(key), Some(reason)) if is_beside_a_key(&reason) => Ok(Key::Public(key)),
        (None, _, reason) => Err(reason.unwrap_or(KeyError::NotPem)),
    }
}

/// Whether the block is of a kind that accompanies a key.
fn is_beside_a_key(error: &KeyError) -> bool {
    matches!(
        error,
        KeyError::Form(KeyForm::Certificate(_) | KeyForm::Request(_) | KeyForm::Pkcs7 | KeyForm::Label(_))
    )
}

/// The blocks of a text in order; an error for one without an end.
fn blocks(text: &str) -> impl Iterator<Item = Result<Block<'_>, KeyError>> {
    text.split(BEGIN).skip(1).map(|rest| {
        let (label, rest) = rest.split_once(DASHES).ok_or(KeyError::CutShort)?;
        let (body, _) = rest.split_once(END).ok_or(KeyError::CutShort)?;
        Ok(Block { label, body })
    })
}

impl Block<'_> {
    fn read(&self) -> Result<Key, KeyError> {
        match self.label {
            "OPENSSH PRIVATE KEY" => ssh::read_private(&base64::decode_body(self.body)?),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => self.read_certificate(),
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Err(KeyForm::Request("PEM").into()),
            "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => Err(KeyForm::Pkcs7.into()),
            label if label.starts_with("PGP ") => Err(KeyForm::OpenPgp.into()),
            label if label.ends_with("KEY") => der::read(&base64::decode_body(self.content()?)?),
            label => Err(KeyForm::Label(label.chars().take(SHOWN).collect()).into()),
        }
    }

    /// Reads a block labelled as a certificate. It may hold a key: Windows' `certutil -encode` labels any file so.
    fn read_certificate(&self) -> Result<Key, KeyError> {
        let key = base64::decode_body(self.body).and_then(|der| der::read(&der));
        key.map_err(|_| KeyForm::Certificate("PEM").into())
    }

    /// The body without the headers of old PEM (RFC 1421, section 4.6). One of them marks an encrypted key.
    fn content(&self) -> Result<&str, KeyError> {
        let body = self.body.trim_start();
        match body.rsplit_once(": ").or_else(|| body.rsplit_once(':')) {
            None => Ok(body),
            Some(_) if body.contains("ENCRYPTED") => Err(KeyError::Encrypted),
            Some((_, value)) => Ok(value.split_once(['\n', '\r']).map_or("", |(_, rest)| rest)),
        }
    }
}
