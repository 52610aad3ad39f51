//! Vectors of 4 words: SSE2, which every x86-64 processor has.

// The compiler treats these instructions as if not every processor had them.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::lanes::{Lanes, Vectors};

/// Any x86-64 processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sse2;

/// Four words.
#[derive(Clone, Copy)]
pub(crate) struct Words(__m128i);

/// Runs instructions of SSE2.
macro_rules! sse2 {
    ($instructions:expr) => {
        // SAFETY: SSE2 is part of x86-64. None of the instructions reads from an address or writes to one.
        unsafe { $instructions }
    };
}

impl Vectors for Sse2 {
    type Lanes = Words;

    #[inline(always)]
    fn splat(self, word: u32) -> Words {
        Words(sse2!(_mm_set1_epi32(word as i32)))
    }

    #[inline(always)]
    fn load(self, words: &[u32]) -> Words {
        let words: &[u32; 4] = words.first_chunk().expect("the caller has a word for each lane");
        let [a, b, c, d] = words.map(|word| word as i32);
        Words(sse2!(_mm_setr_epi32(a, b, c, d)))
    }
}

impl Words {
    #[inline(always)]
    fn rotate<const RIGHT: i32, const LEFT: i32>(self) -> Self {
        const { assert!(RIGHT + LEFT == 32) };
        Self(sse2!(_mm_or_si128(_mm_srli_epi32::<RIGHT>(self.0), _mm_slli_epi32::<LEFT>(self.0))))
    }

    #[inline(always)]
    fn shift<const RIGHT: i32>(self) -> Self {
        Self(sse2!(_mm_srli_epi32::<RIGHT>(self.0)))
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        Self(sse2!(_mm_xor_si128(self.0, other.0)))
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(sse2!(_mm_and_si128(self.0, other.0)))
    }
}

impl Lanes for Words {
    const COUNT: usize = 4;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(sse2!(_mm_add_epi32(self.0, other.0)))
    }

    #[inline(always)]
    fn shift_left(self, bits: u32) -> Self {
        Self(sse2!(_mm_sll_epi32(self.0, _mm_cvtsi32_si128(bits as i32))))
    }

    #[inline(always)]
    fn shift_right(self, bits: u32) -> Self {
        Self(sse2!(_mm_srl_epi32(self.0, _mm_cvtsi32_si128(bits as i32))))
    }

    #[inline(always)]
    fn big_sigma0(self) -> Self {
        self.rotate::<2, 30>().xor(self.rotate::<13, 19>()).xor(self.rotate::<22, 10>())
    }

    #[inline(always)]
    fn big_sigma1(self) -> Self {
        self.rotate::<6, 26>().xor(self.rotate::<11, 21>()).xor(self.rotate::<25, 7>())
    }

    #[inline(always)]
    fn small_sigma0(self) -> Self {
        self.rotate::<7, 25>().xor(self.rotate::<18, 14>()).xor(self.shift::<3>())
    }

    #[inline(always)]
    fn small_sigma1(self) -> Self {
        self.rotate::<17, 15>().xor(self.rotate::<19, 13>()).xor(self.shift::<10>())
    }

    #[inline(always)]
    fn choose(self, one: Self, zero: Self) -> Self {
        zero.xor(self.and(one.xor(zero)))
    }

    #[inline(always)]
    fn majority(self, b: Self, c: Self) -> Self {
        b.xor(self.xor(b).and(c.xor(b)))
    }

    #[inline(always)]
    fn clear_of(self, mask: Self) -> u64 {
        let clear = sse2!(_mm_cmpeq_epi32(self.and(mask).0, _mm_setzero_si128()));
        u64::from(sse2!(_mm_movemask_ps(_mm_castsi128_ps(clear))) as u8)
    }
}
