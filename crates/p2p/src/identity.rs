use std::fmt;

use libp2p::{PeerId, identity::Keypair};
use thiserror::Error;

/// The Ed25519 key that a node proves its identity with. Its peer id follows from it.
#[derive(Clone)]
pub struct Identity(Keypair);

/// These bytes are not an Ed25519 secret key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid network key: expected 32 bytes, not {0}")]
pub struct InvalidKey(usize);

impl Identity {
    /// Generates a key from the system's random numbers.
    #[must_use]
    pub fn generate() -> Self {
        Self(Keypair::generate_ed25519())
    }

    /// Reads the 32 bytes of a secret key, and overwrites them with zeros.
    ///
    /// # Errors
    ///
    /// If there are not 32 bytes.
    pub fn from_bytes(secret: &mut [u8]) -> Result<Self, InvalidKey> {
        let length = secret.len();
        Keypair::ed25519_from_bytes(secret).map(Self).map_err(|_| InvalidKey(length))
    }

    /// The 32 bytes of the secret key, to be kept in a file that only its owner can read.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        let pair = self.0.clone().try_into_ed25519().expect("only Ed25519 keys are made here");
        pair.secret().as_ref().try_into().expect("an Ed25519 secret has 32 bytes")
    }

    /// The name of this node in the network.
    #[must_use]
    pub fn peer_id(&self) -> PeerId {
        self.0.public().to_peer_id()
    }

    pub(crate) fn keypair(&self) -> &Keypair {
        &self.0
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Identity({})", self.peer_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_reads_back() {
        let identity = Identity::generate();
        let again = Identity::from_bytes(&mut identity.to_bytes()).unwrap();
        assert_eq!(again.peer_id(), identity.peer_id());
    }

    #[test]
    fn key_of_another_length_is_refused() {
        assert_eq!(Identity::from_bytes(&mut [1; 31]).unwrap_err(), InvalidKey(31));
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let identity = Identity::from_bytes(&mut [7; 32]).unwrap();
        assert_eq!(format!("{identity:?}"), format!("Identity({})", identity.peer_id()));
    }
}
