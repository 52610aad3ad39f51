//! The hashes of many texts.

use sha2::{Digest, Sha256};

#[cfg(target_arch = "x86_64")]
use super::{many, vectors::Avx512};

/// The hash of each text: sixteen at a time with AVX-512, else one after the other.
pub(crate) fn hashes(texts: &[&[u8]]) -> Vec<[u8; 32]> {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = Avx512::detect() {
        return many::hashes(avx512, texts);
    }
    texts.iter().map(|text| Sha256::digest(text).into()).collect()
}
