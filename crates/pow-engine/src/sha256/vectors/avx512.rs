//! Vectors of 16 words: AVX-512.

// Instructions that not every processor has; the module above says why that is sound.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::lanes::{Lanes, Vectors};

/// How many words a vector has.
pub(crate) const LANES: usize = 16;

/// Proof that the processor has AVX-512F. Only [`Avx512::detect`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx512f").then_some(Self(()))
    }
}

/// Sixteen words. Made by an [`Avx512`] and from other such vectors only, so the processor has AVX-512F.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Words(__m512i);

/// Runs instructions of AVX-512F.
macro_rules! avx512f {
    ($instructions:expr) => {
        // SAFETY: this is used where an `Avx512` or a `Words` exists, so the processor has AVX-512F. The addresses
        // that are read from and written to are those of arrays of the vector's size.
        unsafe { $instructions }
    };
}

impl Vectors for Avx512 {
    type Lanes = Words;

    #[inline(always)]
    fn splat(self, word: u32) -> Words {
        Words(avx512f!(_mm512_set1_epi32(word as i32)))
    }

    #[inline(always)]
    fn load(self, words: &[u32]) -> Words {
        let words: &[u32; 16] = words.first_chunk().expect("the caller has a word for each lane");
        Words(avx512f!(_mm512_loadu_epi32(words.as_ptr().cast())))
    }
}

impl Avx512 {
    /// The words of sixteen blocks: in the first vector the first word of each, and so on.
    #[inline(always)]
    pub(crate) fn words(self, blocks: &[&[u8; 64]; LANES]) -> [Words; 16] {
        let mut rows = [self.splat(0); 16];
        for (row, block) in rows.iter_mut().zip(blocks) {
            *row = Words(avx512f!(_mm512_loadu_epi32(block.as_ptr().cast()))).swapped(self);
        }
        self.exchange::<1>(&mut rows);
        self.exchange::<2>(&mut rows);
        self.exchange::<4>(&mut rows);
        self.exchange::<8>(&mut rows);
        rows
    }

    /// A step of turning rows into columns: in each square of `2 * SIDE` rows and columns, the upper right quarter and
    /// the lower left one change places.
    #[inline(always)]
    fn exchange<const SIDE: usize>(self, rows: &mut [Words; 16]) {
        let [upper, lower] =
            const { [quarters(SIDE, 0), quarters(SIDE, SIDE)] }.map(|from| self.load(&from).0);
        for i in 0..16 {
            if i & SIDE == 0 {
                let (a, b) = (rows[i].0, rows[i + SIDE].0);
                rows[i] = Words(avx512f!(_mm512_permutex2var_epi32(a, upper, b)));
                rows[i + SIDE] = Words(avx512f!(_mm512_permutex2var_epi32(a, lower, b)));
            }
        }
    }
}

/// Where a row finds its words, in the row of the upper quarters or, from 16 on, in that of the lower ones.
/// `from` is the first column that it takes out of both.
const fn quarters(side: usize, from: usize) -> [u32; 16] {
    let mut places = [0; 16];
    let mut column = 0;
    while column < 16 {
        let place = if column & side == 0 { column + from } else { 16 + column - side + from };
        places[column] = place as u32;
        column += 1;
    }
    places
}

impl Words {
    /// The words, one for each lane.
    #[inline(always)]
    pub(crate) fn words(self) -> [u32; LANES] {
        let mut words = [0; LANES];
        avx512f!(_mm512_storeu_epi32(words.as_mut_ptr().cast(), self.0));
        words
    }

    /// The words with their bytes in the opposite order.
    #[inline(always)]
    fn swapped(self, vectors: Avx512) -> Self {
        let [right, left] = avx512f!([_mm512_ror_epi32::<8>(self.0), _mm512_rol_epi32::<8>(self.0)]);
        vectors.splat(0xff00_ff00).choose(Self(right), Self(left))
    }

    #[inline(always)]
    fn xor(self, b: __m512i, c: __m512i) -> Self {
        Self(avx512f!(_mm512_ternarylogic_epi32::<0x96>(self.0, b, c)))
    }
}

impl Lanes for Words {
    const COUNT: usize = LANES;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(avx512f!(_mm512_add_epi32(self.0, other.0)))
    }

    #[inline(always)]
    fn shift_left(self, bits: u32) -> Self {
        Self(avx512f!(_mm512_sll_epi32(self.0, _mm_cvtsi32_si128(bits as i32))))
    }

    #[inline(always)]
    fn shift_right(self, bits: u32) -> Self {
        Self(avx512f!(_mm512_srl_epi32(self.0, _mm_cvtsi32_si128(bits as i32))))
    }

    #[inline(always)]
    fn big_sigma0(self) -> Self {
        let [a, b, c] = avx512f!([
            _mm512_ror_epi32::<2>(self.0),
            _mm512_ror_epi32::<13>(self.0),
            _mm512_ror_epi32::<22>(self.0)
        ]);
        Self(a).xor(b, c)
    }

    #[inline(always)]
    fn big_sigma1(self) -> Self {
        let [a, b, c] = avx512f!([
            _mm512_ror_epi32::<6>(self.0),
            _mm512_ror_epi32::<11>(self.0),
            _mm512_ror_epi32::<25>(self.0)
        ]);
        Self(a).xor(b, c)
    }

    #[inline(always)]
    fn small_sigma0(self) -> Self {
        let [a, b, c] = avx512f!([
            _mm512_ror_epi32::<7>(self.0),
            _mm512_ror_epi32::<18>(self.0),
            _mm512_srli_epi32::<3>(self.0)
        ]);
        Self(a).xor(b, c)
    }

    #[inline(always)]
    fn small_sigma1(self) -> Self {
        let [a, b, c] = avx512f!([
            _mm512_ror_epi32::<17>(self.0),
            _mm512_ror_epi32::<19>(self.0),
            _mm512_srli_epi32::<10>(self.0)
        ]);
        Self(a).xor(b, c)
    }

    #[inline(always)]
    fn choose(self, one: Self, zero: Self) -> Self {
        Self(avx512f!(_mm512_ternarylogic_epi32::<0xca>(self.0, one.0, zero.0)))
    }

    #[inline(always)]
    fn majority(self, b: Self, c: Self) -> Self {
        Self(avx512f!(_mm512_ternarylogic_epi32::<0xe8>(self.0, b.0, c.0)))
    }

    #[inline(always)]
    fn clear_of(self, mask: Self) -> u64 {
        u64::from(avx512f!(_mm512_testn_epi32_mask(self.0, mask.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_change_places() {
        assert_eq!(quarters(8, 0), [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
        assert_eq!(quarters(2, 0), [0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29]);
        assert_eq!(quarters(2, 2), [2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31]);
    }
}
