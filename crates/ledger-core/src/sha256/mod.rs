//! SHA-256 (FIPS 180-4) for code that takes the hash apart, and for many texts at a time. For one text there
//! is the sha2 crate.

#[cfg(target_arch = "x86_64")]
mod many;
#[cfg(target_arch = "x86_64")]
mod steps;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
pub(crate) mod vectors;

use sha2::{Digest, Sha256};
#[cfg(target_arch = "x86_64")]
pub(crate) use steps::{K, expand, round, schedule, small_sigma0, small_sigma1};

/// The initial state (section 5.3.3).
pub(crate) static INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The hash of each text: sixteen at a time with AVX-512, else one after the other.
pub(crate) fn hashes(texts: &[&[u8]]) -> Vec<[u8; 32]> {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = vectors::Avx512::detect() {
        return many::hashes(avx512, texts);
    }
    texts.iter().map(|text| Sha256::digest(text).into()).collect()
}

/// The bytes of a hash, given its words.
pub(crate) fn digest(words: [u32; 8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (part, word) in bytes.chunks_exact_mut(4).zip(words) {
        part.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}
