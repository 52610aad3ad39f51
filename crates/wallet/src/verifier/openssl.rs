//! The public power (RFC 8017, section 5.2.2: RSAVP1) by OpenSSL, which uses the processor's best instructions for it.

use openssl::bn::BigNum;
use openssl::pkey::Public;
use openssl::rsa::{Padding, Rsa};
use rsa::RsaPublicKey;
use rsa::traits::PublicKeyParts as _;

/// A key as OpenSSL keeps it, prepared on first use.
#[derive(Clone)]
pub(super) struct Power(Rsa<Public>);

impl Power {
    /// Prepares a key.
    pub(super) fn new(key: &RsaPublicKey) -> Self {
        let number = |bytes: Box<[u8]>| BigNum::from_slice(&bytes).expect(MEMORY);
        Self(Rsa::from_public_components(number(key.n_bytes()), number(key.e_bytes())).expect(MEMORY))
    }

    /// Raises a number to the public exponent, modulo the modulus. Number and power are big-endian, of the modulus's length.
    /// Empty if OpenSSL refuses, which equals no encoding.
    pub(super) fn of(&self, number: &[u8]) -> Vec<u8> {
        let mut power = vec![0; number.len()];
        match self.0.public_decrypt(number, &mut power, Padding::NONE) {
            Ok(length) => power.truncate(length),
            Err(_) => power.clear(),
        }
        power
    }
}

const MEMORY: &str = "OpenSSL takes any number for which there is memory";
