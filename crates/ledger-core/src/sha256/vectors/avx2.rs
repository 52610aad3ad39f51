//! Vectors of 8 words: AVX2.

// Instructions that not every processor has; the module above says why that is sound.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::lanes::{Lanes, Vectors};

/// The processor has AVX2. There is no other way to a value than [`Avx2::detect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

/// Eight words. Made by an [`Avx2`] and from other such vectors only, so the processor has AVX2.
#[derive(Clone, Copy)]
pub(crate) struct Words(__m256i);

/// Runs instructions of AVX2.
macro_rules! avx2 {
    ($instructions:expr) => {
        // SAFETY: it is used where an `Avx2` or a `Words` exists, so the processor has AVX2. The one address
        // that is read from is that of an array of the vector's size.
        unsafe { $instructions }
    };
}

impl Vectors for Avx2 {
    type Lanes = Words;

    #[inline(always)]
    fn splat(self, word: u32) -> Words {
        Words(avx2!(_mm256_set1_epi32(word as i32)))
    }

    #[inline(always)]
    fn load(self, words: &[u32]) -> Words {
        let words: &[u32; 8] = words.first_chunk().expect("the caller has a word for each lane");
        Words(avx2!(_mm256_loadu_si256(words.as_ptr().cast())))
    }
}

impl Words {
    #[inline(always)]
    fn rotate<const RIGHT: i32, const LEFT: i32>(self) -> Self {
        const { assert!(RIGHT + LEFT == 32) };
        Self(avx2!(_mm256_or_si256(_mm256_srli_epi32::<RIGHT>(self.0), _mm256_slli_epi32::<LEFT>(self.0))))
    }

    #[inline(always)]
    fn shift<const RIGHT: i32>(self) -> Self {
        Self(avx2!(_mm256_srli_epi32::<RIGHT>(self.0)))
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        Self(avx2!(_mm256_xor_si256(self.0, other.0)))
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(avx2!(_mm256_and_si256(self.0, other.0)))
    }
}

impl Lanes for Words {
    const COUNT: usize = 8;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(avx2!(_mm256_add_epi32(self.0, other.0)))
    }

    #[inline(always)]
    fn shift_left(self, bits: u32) -> Self {
        Self(avx2!(_mm256_sll_epi32(self.0, _mm_cvtsi32_si128(bits as i32))))
    }

    #[inline(always)]
    fn shift_right(self, bits: u32) -> Self {
        Self(avx2!(_mm256_srl_epi32(self.0, _mm_cvtsi32_si128(bits as i32))))
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
        let zero = avx2!(_mm256_setzero_si256());
        let clear = avx2!(_mm256_cmpeq_epi32(self.and(mask).0, zero));
        u64::from(avx2!(_mm256_movemask_ps(_mm256_castsi256_ps(clear))) as u8)
    }
}
