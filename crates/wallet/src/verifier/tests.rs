use crypto_bigint::modular::BoxedMontyForm;
use proptest::prelude::*;
use rsa::{BoxedUint, RsaPublicKey};

use super::*;

/// A modulus of so many bytes: odd and of full length, which is all that the power asks of it.
fn key(mut modulus: Vec<u8>, exponent: u64) -> RsaPublicKey {
    modulus[0] |= 0x80;
    *modulus.last_mut().unwrap() |= 1;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    RsaPublicKey::new(number(&modulus), number(&exponent.to_be_bytes())).unwrap()
}

/// The power as the `rsa` crate computes it: by crypto-bigint's own way for secret exponents.
fn reference(key: &RsaPublicKey, number: &[u8]) -> Vec<u8> {
    let number = BoxedUint::from_be_slice(number, key.n_bits_precision()).unwrap();
    let power = BoxedMontyForm::new(number, key.n_params()).pow(key.e()).retrieve().to_be_bytes();
    power[power.len() - key.size()..].to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_ways_compute_the_same_power_as_the_rsa_crate(
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

#[test]
fn a_number_that_is_not_under_the_modulus_is_no_signature() {
    // With an exponent of 1 the encoding would be its own signature; 3 keeps the power of 0 at 0.
    let key = key(vec![0xc3; 128], 3);
    let verifier = Verifier::new(&key);
    assert!(!verifier.is_signature(&[0; DIGEST], &key.n_bytes()));
    assert!(!verifier.is_signature(&[0; DIGEST], &[0xff; 128]));
    assert!(!verifier.is_signature(&[0; DIGEST], &[0; 128]));
}

#[test]
fn a_signature_of_another_length_is_none() {
    let key = key(vec![0xc3; 128], 3);
    let verifier = Verifier::new(&key);
    assert!(!verifier.is_signature(&[0; DIGEST], &[1; 127]));
    assert!(!verifier.is_signature(&[0; DIGEST], &[]));
    assert!(!verifier.is_signature(&[0; DIGEST], &[0; 129]));
}
