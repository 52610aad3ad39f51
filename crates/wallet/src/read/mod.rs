//! Reading keys as tools and places give them: files, clipboards, settings, other programs.
//!
//! What an address *is* on the wire stays strict ([`Address::parse`](crate::Address::parse)); this is for people. A key
//! is looked for in layers: bytes become text (`text`), text holds PEM blocks (`armour`) or a form without them
//! (`plain`, `numbers_by_name`, `ssh`), or is base64 of any of these (`base64`), and what comes out of the armour is DER
//! (`der`). A form that is known but not read is named, with the command that converts it ([`KeyForm`]).

mod armour;
mod base64;
mod der;
mod numbers_by_name;
mod plain;
mod ssh;
mod text;

use rsa::{RsaPrivateKey, RsaPublicKey};

use crate::{KeyError, KeyForm, MAX_KEY_FILE};

/// How many layers of base64 there may be: a secret is one, and systems that keep secrets add another.
const LAYERS: usize = 3;

/// A key of either kind.
pub(crate) enum Key {
    Private(Box<RsaPrivateKey>),
    Public(RsaPublicKey),
}

impl From<RsaPrivateKey> for Key {
    fn from(key: RsaPrivateKey) -> Self {
        Self::Private(Box::new(key))
    }
}

/// Reads the key in a file or text.
pub(crate) fn read(bytes: &[u8]) -> Result<Key, KeyError> {
    let length = bytes.len();
    if length > MAX_KEY_FILE { Err(KeyError::TooLong { length }) } else { read_layer(bytes, LAYERS) }
}

fn read_layer(bytes: &[u8], layers: usize) -> Result<Key, KeyError> {
    let Some(text) = text::decode(bytes) else { return der::read_file(bytes) };
    if text.trim().is_empty() {
        return Err(KeyError::Empty);
    }
    if text.contains(armour::BEGIN) {
        return armour::read(&text);
    }
    if let Some(key) = ssh::read_line(&text).or_else(|| numbers_by_name::read(&text)) {
        return key;
    }
    if let Some(form) = plain::form(&text) {
        return Err(form.into());
    }
    if layers == 0 {
        return Err(KeyError::NotPem);
    }
    read_layer(&base64::decode_secret(&text)?, layers - 1)
}

impl From<KeyForm> for KeyError {
    fn from(form: KeyForm) -> Self {
        Self::Form(form)
    }
}
