//! The public power (RFC 8017, section 5.2.2: RSAVP1) in Rust, with the big numbers that the `rsa` crate builds on.
//!
//! `rsa` treats every exponent as secret: it builds a table of sixteen powers and reads all of it for each four bits. Here
//! the exponent is public and short, so plain square-and-multiply needs only half as many products.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, MontyForm, MontyMultiplier as _};
use rsa::RsaPublicKey;
use rsa::traits::PublicKeyParts as _;

type Multiplier<'a> = <BoxedMontyForm as MontyForm>::Multiplier<'a>;

/// Modulus and exponent of a key. The modulus is prepared for Montgomery multiplication.
#[derive(Clone)]
pub(super) struct Power {
    modulus: BoxedMontyParams,
    exponent: BoxedUint,
    size: usize,
}

impl Power {
    /// Prepares a key.
    pub(super) fn new(key: &RsaPublicKey) -> Self {
        Self { modulus: key.n_params().clone(), exponent: key.e().clone(), size: key.size() }
    }

    /// Raises a number to the public exponent, modulo the modulus. Number and power are big-endian, of the modulus's length.
    pub(super) fn of(&self, number: &[u8]) -> Vec<u8> {
        let bits = self.modulus.bits_precision();
        let number =
            BoxedUint::from_be_slice(number, bits).expect("the number has the length of the modulus");
        let base = BoxedMontyForm::new(number.clone(), &self.modulus);
        let mut power = base.clone();
        // Reuses the memory that products need.
        let mut multiplier = Multiplier::from(&self.modulus);
        for bit in (1..self.exponent.bit_width_vartime() - 1).rev() {
            multiplier.square_assign(&mut power);
            if self.exponent.bit_vartime(bit) {
                multiplier.mul_assign(&mut power, &base);
            }
        }
        // Exponents are odd. The last factor is not in Montgomery form, which takes the product out of that form.
        multiplier.square_assign(&mut power);
        multiplier.mul_assign(&mut power, &BoxedMontyForm::from_montgomery(number, &self.modulus));
        // The big number's own length is a whole number of machine words.
        let bytes = power.as_montgomery().to_be_bytes();
        bytes[bytes.len() - self.size..].to_vec()
    }
}
