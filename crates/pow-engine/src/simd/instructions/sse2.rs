//! The search in vectors of 4 words, for processors that have nothing better.

use std::ops::Range;

use crate::sha256::vectors::{Row, Sse2};
use crate::simd::batch;
use crate::simd::first_words::first_words;
use crate::simd::group::Group;
use crate::simd::kernel::{Batch, Kernel};
use crate::simd::scan::Scan;

/// Vectors hashed side by side. A third would not fit into the 16 registers.
const STREAMS: usize = 2;

impl Scan for Sse2 {
    fn scan(self, group: &Group, members: Range<usize>) -> Option<usize> {
        batch::scan::<Self, STREAMS>(self, group, members)
    }
}

impl Kernel<STREAMS> for Sse2 {
    #[inline(always)]
    fn first_words(
        self,
        batch: &mut Batch<Self::Lanes, STREAMS>,
        second: &[u32; 64],
    ) -> Row<Self::Lanes, STREAMS> {
        first_words(self, batch, second)
    }
}
