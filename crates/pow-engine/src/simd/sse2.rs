//! The search in vectors of 4 words, for processors that have nothing better.

use std::ops::Range;

use super::batch;
use super::first_words::first_words;
use super::group::Group;
use super::kernel::{Batch, Kernel};
use super::scan::Scan;
use crate::sha256::vectors::{Row, Sse2};

/// How many vectors are worked on side by side. A third one finds no room in the 16 registers.
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
