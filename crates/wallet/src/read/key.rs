//! The result of reading.

use rsa::{RsaPrivateKey, RsaPublicKey};

/// A private or public key.
pub(crate) enum Key {
    Private(Box<RsaPrivateKey>),
    Public(RsaPublicKey),
}

impl From<RsaPrivateKey> for Key {
    fn from(key: RsaPrivateKey) -> Self {
        Self::Private(Box::new(key))
    }
}
