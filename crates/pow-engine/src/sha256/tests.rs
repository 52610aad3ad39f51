//! Checks the hashes of many texts against the sha2 crate.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::hash_each;

/// All kinds of lengths: few blocks, the limits of the padding, and sometimes many blocks.
fn length() -> impl Strategy<Value = usize> {
    let borders = [55, 56, 57, 63, 64, 65, 119, 120, 121, 127, 128, 129];
    prop_oneof![8 => 0usize..300, 8 => prop::sample::select(borders.to_vec()), 1 => 300usize..9_000]
}

/// A text of this length, which differs by seed.
fn text(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|i| ((i * i) >> 3) as u8 ^ (i as u8).wrapping_mul(seed)).collect()
}

fn assert_hashed(texts: &[Vec<u8>]) -> Result<(), TestCaseError> {
    let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    let expected: Vec<[u8; 32]> = texts.iter().map(|text| Sha256::digest(text).into()).collect();
    prop_assert_eq!(hash_each(&texts), expected);
    Ok(())
}

proptest! {
    #[test]
    fn texts_of_any_lengths_hash_as_they_do_alone(
        texts in prop::collection::vec((length(), any::<u8>()), 0..120),
    ) {
        let texts: Vec<_> = texts.into_iter().map(|(length, seed)| text(length, seed)).collect();
        assert_hashed(&texts)?;
    }

    #[test]
    fn texts_of_one_length_hash_as_they_do_alone(
        length in length(), seeds in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let texts: Vec<_> = seeds.into_iter().map(|seed| text(length, seed)).collect();
        assert_hashed(&texts)?;
    }
}
