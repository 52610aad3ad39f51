//! Checks the numbers of a key, whatever format they came from.

use md5::Md5;
use rsa::pkcs1::{
    ALGORITHM_OID, EncodeRsaPrivateKey as _, ObjectIdentifier, RsaPrivateKeyRef, RsaPublicKeyRef,
};
use rsa::pkcs8::AlgorithmIdentifierRef;
use rsa::pkcs8::der::Decode as _;
use rsa::rand_core::CryptoRng;
use rsa::traits::SignatureScheme as _;
use rsa::{BoxedUint, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};

use crate::{AddressError, KeyError, MAX_KEY_BITS, MIN_KEY_BITS};

/// id-RSASSA-PSS (RFC 4055, section 1.2).
const PSS_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// The ledger's signature scheme. The wire format requires MD5; nothing new should use it.
pub(crate) fn scheme() -> Pkcs1v15Sign {
    Pkcs1v15Sign::new::<Md5>()
}

/// Whether an algorithm is RSA. RSA-PSS keys have the same numbers, and Python nodes accept them.
pub(crate) fn is_rsa(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm.oid == ALGORITHM_OID
        || algorithm.oid == PSS_OID && algorithm.parameters.is_none_or(|parameters| parameters.is_null())
}

/// Parses a PKCS#1 key (RFC 8017, appendix A.1.2) and checks its eight numbers.
pub(crate) fn private_pkcs1(der: &[u8]) -> Result<RsaPrivateKey, KeyError> {
    let parts = RsaPrivateKeyRef::from_der(der).map_err(|_| KeyError::Malformed)?;
    check_size(parts.modulus.as_bytes())?;
    let key = RsaPrivateKey::try_from(parts).map_err(|_| KeyError::Inconsistent)?;
    check_written(&key, der)?;
    check_signs(key)
}

/// Builds a private key from modulus, both exponents and both primes, big-endian. Formats other than PKCS#1 have
/// these; the remaining numbers are computed.
pub(crate) fn private(numbers: [&[u8]; 5]) -> Result<RsaPrivateKey, KeyError> {
    let numbers @ [n, e, d, p, q] = numbers.map(without_zeros);
    if numbers.iter().any(|number| number.is_empty()) {
        return Err(KeyError::Malformed);
    }
    check_size(n)?;
    let primes = vec![wide(p, n)?, wide(q, n)?];
    from_components([n, e, d], primes)
}

/// Builds a private key without its primes, which follow from the exponents.
pub(crate) fn private_without_primes(numbers: [&[u8]; 3]) -> Result<RsaPrivateKey, KeyError> {
    let numbers @ [n, ..] = numbers.map(without_zeros);
    if numbers.iter().any(|number| number.is_empty()) {
        return Err(KeyError::Malformed);
    }
    check_size(n)?;
    from_components(numbers, Vec::new())
}

fn from_components([n, e, d]: [&[u8]; 3], primes: Vec<BoxedUint>) -> Result<RsaPrivateKey, KeyError> {
    let exponent = wide(e, &e[..e.len().min(n.len())])?;
    let key = RsaPrivateKey::from_components(wide(n, n)?, exponent, wide(d, n)?, primes);
    check_signs(key.map_err(|_| KeyError::Inconsistent)?)
}

/// A number as wide as another. All but the public exponent have the modulus's width, as in PKCS#1.
fn wide(bytes: &[u8], other: &[u8]) -> Result<BoxedUint, KeyError> {
    let bits = u32::try_from(other.len() * 8).expect("a checked size");
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| KeyError::Inconsistent)
}

/// Parses modulus and exponent (RFC 8017, appendix A.1.1) and checks them.
pub(crate) fn public_pkcs1(der: &[u8]) -> Result<RsaPublicKey, AddressError> {
    let parts = RsaPublicKeyRef::from_der(der).map_err(|_| AddressError::Malformed)?;
    public(parts.modulus.as_bytes(), parts.public_exponent.as_bytes())
}

/// Builds a public key from modulus and exponent, big-endian.
pub(crate) fn public(modulus: &[u8], exponent: &[u8]) -> Result<RsaPublicKey, AddressError> {
    if modulus.is_empty() || exponent.is_empty() {
        return Err(AddressError::Malformed);
    }
    let n = BoxedUint::from_be_slice_vartime(modulus);
    let bits = n.bit_width_vartime();
    if bits < MIN_KEY_BITS {
        return Err(AddressError::KeyTooSmall { bits });
    }
    if bits > MAX_KEY_BITS {
        return Err(AddressError::KeyTooLarge { bits });
    }
    if modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(AddressError::EvenModulus);
    }
    // All else is checked: `new` can only refuse an exponent that is even, under 3 or over 2^33 - 1.
    RsaPublicKey::new(n, BoxedUint::from_be_slice_vartime(exponent)).map_err(|_| AddressError::Exponent)
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// Checks the size of the modulus before any arithmetic.
fn check_size(modulus: &[u8]) -> Result<(), KeyError> {
    let bits = BoxedUint::from_be_slice_vartime(modulus).bit_width_vartime();
    if bits < MIN_KEY_BITS {
        return Err(KeyError::TooSmall { bits });
    }
    if bits > MAX_KEY_BITS {
        return Err(KeyError::TooLarge { bits });
    }
    Ok(())
}

/// Checks the derived numbers by encoding the key again.
fn check_written(key: &RsaPrivateKey, der: &[u8]) -> Result<(), KeyError> {
    let written = key.to_pkcs1_der().map_err(|_| KeyError::Inconsistent)?;
    if written.as_bytes() == der { Ok(()) } else { Err(KeyError::Inconsistent) }
}

/// Checks that both primes are prime, which a valid signature shows.
fn check_signs(key: RsaPrivateKey) -> Result<RsaPrivateKey, KeyError> {
    // No blinding: a signature of a constant reveals nothing, and reading a key should need no random numbers.
    let digest = [0x5a; 16];
    let signature =
        scheme().sign(None::<&mut dyn CryptoRng>, &key, &digest).map_err(|_| KeyError::Inconsistent)?;
    let check = scheme().verify(&RsaPublicKey::from(&key), &digest, &signature);
    check.map(|()| key).map_err(|_| KeyError::Inconsistent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_without_a_number_is_malformed() {
        assert_eq!(public(&[], &[3]), Err(AddressError::Malformed));
        assert_eq!(public(&[0xff; 256], &[]), Err(AddressError::Malformed));
    }

    #[test]
    fn modulus_limit_is_inclusive() {
        let most = vec![0xff; MAX_KEY_BITS as usize / 8];
        assert_eq!(check_size(&most), Ok(()));
        assert_eq!(
            check_size(&[&[1], &most[..]].concat()),
            Err(KeyError::TooLarge { bits: MAX_KEY_BITS + 1 })
        );
    }
}
