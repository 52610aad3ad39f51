//! Which signatures are valid, whichever module computes the power.

use rsa::RsaPublicKey;
use rsa::traits::PublicKeyParts as _;

#[cfg(feature = "openssl")]
use super::openssl::Power;
#[cfg(not(feature = "openssl"))]
use super::pure::Power;

/// The bytes of an MD5 digest.
const DIGEST: usize = 16;

/// The prefix of the digest: the DER of a DigestInfo that names MD5 (RFC 8017, section 9.2, note 1).
const DIGEST_INFO: [u8; 18] = [
    0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04,
    0x10,
];

/// A public key, ready to check signatures.
#[derive(Clone)]
pub(crate) struct Verifier {
    power: Power,
    /// The modulus, big-endian, without leading zeros.
    modulus: Box<[u8]>,
}

impl Verifier {
    /// Prepares a key whose size and exponent were checked.
    pub(crate) fn new(key: &RsaPublicKey) -> Self {
        Self { power: Power::new(key), modulus: key.n_bytes() }
    }

    /// The bytes of a signature, which are those of the modulus.
    pub(crate) fn size(&self) -> usize {
        self.modulus.len()
    }

    /// Whether these bytes can be a signature, without any arithmetic: a number of the modulus's size and below it
    /// (RFC 8017, sections 8.2.2, step 1, and 5.2.2, step 1).
    pub(crate) fn is_in_range(&self, signature: &[u8]) -> bool {
        // Big-endian numbers of one length compare as their bytes do.
        signature.len() == self.size() && signature < &*self.modulus
    }

    /// Whether these bytes are the key's signature of a message with this digest.
    ///
    /// Compares the signature's power with the only valid encoding, and parses nothing, so no other encoding can pass for
    /// it.
    pub(crate) fn is_signature(&self, digest: &[u8; DIGEST], signature: &[u8]) -> bool {
        self.is_in_range(signature) && self.power.of(signature) == encoded(digest, self.size())
    }
}

/// EMSA-PKCS1-v1_5 (RFC 8017, section 9.2): 00 01 ff … ff 00, the DigestInfo, the digest.
fn encoded(digest: &[u8; DIGEST], size: usize) -> Vec<u8> {
    let filled = size.checked_sub(3 + DIGEST_INFO.len() + DIGEST).expect("no key is under 1024 bits");
    let mut encoded = Vec::with_capacity(size);
    encoded.extend_from_slice(&[0, 1]);
    encoded.resize(2 + filled, 0xff);
    encoded.push(0);
    encoded.extend_from_slice(&DIGEST_INFO);
    encoded.extend_from_slice(digest);
    encoded
}

#[cfg(test)]
mod tests;
