use base64::prelude::{BASE64_STANDARD, Engine as _};
use chacha20::ChaCha20Rng;
use crypto_bigint::modular::BoxedMontyForm;
use md5::{Digest as _, Md5};
use proptest::prelude::*;
use rsa::rand_core::SeedableRng as _;
use rsa::{BoxedUint, RsaPublicKey};

use super::*;
use crate::Wallet;
use crate::verifier::pure;

/// A key with this modulus, made odd and of full length, as the power requires.
fn key(mut modulus: Vec<u8>, exponent: u64) -> RsaPublicKey {
    modulus[0] |= 0x80;
    *modulus.last_mut().unwrap() |= 1;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    RsaPublicKey::new(number(&modulus), number(&exponent.to_be_bytes())).unwrap()
}

/// The power as the `rsa` crate computes it: with crypto-bigint's method for secret exponents.
fn reference(key: &RsaPublicKey, number: &[u8]) -> Vec<u8> {
    let number = BoxedUint::from_be_slice(number, key.n_bits_precision()).unwrap();
    let power = BoxedMontyForm::new(number, key.n_params()).pow(key.e()).retrieve().to_be_bytes();
    power[power.len() - key.size()..].to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_modules_compute_the_power_of_the_rsa_crate(
        (modulus, number) in (128_usize..300).prop_flat_map(|size| {
            (prop::collection::vec(any::<u8>(), size), prop::collection::vec(any::<u8>(), size))
        }),
        exponent in prop_oneof![Just(3_u64), Just(65_537), (1_u64..1 << 32).prop_map(|half| 2 * half + 1)],
    ) {
        let key = key(modulus, exponent);
        let mut number = number;
        number[0] &= 0x7f;
        prop_assert_eq!(Power::new(&key).of(&number), reference(&key, &number));
        prop_assert_eq!(pure::Power::new(&key).of(&number), reference(&key, &number));
    }
}

/// The sum of two big-endian numbers of one length, if it has that length too.
fn sum(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    let (mut sum, mut carry) = (vec![0; a.len()], 0);
    for at in (0..a.len()).rev() {
        let digit = u16::from(a[at]) + u16::from(b[at]) + carry;
        (sum[at], carry) = (digit as u8, digit >> 8);
    }
    (carry == 0).then_some(sum)
}

#[test]
fn signature_plus_modulus_is_refused() {
    let mut rng = ChaCha20Rng::from_seed([7; 32]);
    let wallet = Wallet::generate_with(&mut rng).unwrap();
    let key = RsaPublicKey::from(wallet.key());
    let (verifier, modulus) = (Verifier::new(&key), key.n_bytes());
    // The first bit of a modulus is one, so the sum fits only for smaller signatures.
    let (digest, signature, larger) = (0_u32..)
        .find_map(|number| {
            let message = number.to_string();
            let signature = wallet.sign_with(&mut rng, message.as_bytes()).unwrap();
            let signature = BASE64_STANDARD.decode(signature.as_str()).unwrap();
            let larger = sum(&signature, &modulus)?;
            Some((Md5::digest(message).into(), signature, larger))
        })
        .unwrap();
    assert!(verifier.is_signature(&digest, &signature));
    assert!(!verifier.is_signature(&digest, &larger));
}

#[test]
fn signature_of_wrong_length_is_refused() {
    let key = key(vec![0xc3; 128], 3);
    let verifier = Verifier::new(&key);
    assert!(!verifier.is_signature(&[0; DIGEST], &[1; 127]));
    assert!(!verifier.is_signature(&[0; DIGEST], &[]));
    assert!(!verifier.is_signature(&[0; DIGEST], &[0; 129]));
}

#[test]
fn signature_is_below_the_modulus() {
    let key = key(vec![0xc3; 128], 3);
    let (verifier, modulus) = (Verifier::new(&key), key.n_bytes().into_vec());
    assert!(!verifier.is_in_range(&modulus));
    let below = [&modulus[..127], &[modulus[127] - 1]].concat();
    assert!(verifier.is_in_range(&below));
}
