//! The search in vectors of 8 words.

// Instructions that not every processor has; `sha256::vectors` says why that is sound.
#![allow(unsafe_code)]

use std::ops::Range;

use super::batch::{self, Kernel, Work};
use super::first_words::first_words;
use super::{Group, Scan};
use crate::sha256::vectors::{Avx2, Avx2Words as Words, Row};

/// How many vectors are worked on side by side. A third one gains little and finds no room in the 16 registers.
const STREAMS: usize = 2;

impl Scan for Avx2 {
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize> {
        // SAFETY: `self` exists, so the processor has AVX2.
        unsafe { scan(self, group, members) }
    }
}

#[target_feature(enable = "avx2")]
fn scan(vectors: Avx2, group: &Group, members: Range<usize>) -> Option<usize> {
    batch::scan::<Avx2, STREAMS>(vectors, group, members)
}

impl Kernel<STREAMS> for Avx2 {
    #[inline(always)]
    fn first_words(self, work: &mut Work<Words, STREAMS>, second: &[u32; 64]) -> Row<Words, STREAMS> {
        first_words(self, work, second)
    }
}
