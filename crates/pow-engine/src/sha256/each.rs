//! The hashes of many texts.

use sha2::{Digest, Sha256};

#[cfg(target_arch = "x86_64")]
use super::{many, vectors::Avx512};

/// The SHA-256 of each text: sixteen at a time with AVX-512, else one at a time.
///
/// More texts and similar lengths make it faster.
///
/// # Examples
///
/// ```
/// let hashes = pow_engine::hash_each(&[b"105".as_slice(), b"a block"]);
/// assert_eq!(hashes[0][..3], [0x12, 0x53, 0xe9]);
/// ```
#[must_use]
pub fn hash_each(texts: &[&[u8]]) -> Vec<[u8; 32]> {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = Avx512::detect() {
        return many::hashes(avx512, texts);
    }
    texts.iter().map(|text| Sha256::digest(text).into()).collect()
}
