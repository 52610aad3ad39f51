//! Decodes base64 layer by layer until it finds a key.

use super::key::Key;
use super::{armour, base64, der, numbers_by_name, plain, ssh, text};
use crate::{KeyError, KeyForm, MAX_KEY_FILE};

/// Maximum layers of base64: a secret is one, and secret stores add another.
const LAYERS: usize = 3;

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
