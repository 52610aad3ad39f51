//! What comes out of reading.

use rsa::{RsaPrivateKey, RsaPublicKey};

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
