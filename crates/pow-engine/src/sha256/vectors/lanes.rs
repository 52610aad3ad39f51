//! What SHA-256 and the search need from a processor's vectors.

/// A processor with vectors.
///
/// A value proves that the processor has the instructions, so everything below is safe to call.
pub(crate) trait Vectors: Copy {
    /// A vector of 32-bit words, each in a lane of its own.
    type Lanes: Lanes;

    /// The same word in every lane.
    fn splat(self, word: u32) -> Self::Lanes;

    /// One word for each lane.
    ///
    /// # Panics
    ///
    /// If there are fewer words than lanes.
    fn load(self, words: &[u32]) -> Self::Lanes;
}

/// As many 32-bit words as a vector has room for. The functions are those of FIPS 180-4, section 4.1.2, lane by lane.
pub(crate) trait Lanes: Copy {
    /// How many words.
    const COUNT: usize;

    /// The sum, modulo 2^32.
    fn add(self, other: Self) -> Self;

    /// Each word moved to the left by some bits; zero from 32 bits on.
    fn shift_left(self, bits: u32) -> Self;

    /// Each word moved to the right by some bits; zero from 32 bits on.
    fn shift_right(self, bits: u32) -> Self;

    /// Σ0.
    fn big_sigma0(self) -> Self;

    /// Σ1.
    fn big_sigma1(self) -> Self;

    /// σ0.
    fn small_sigma0(self) -> Self;

    /// σ1.
    fn small_sigma1(self) -> Self;

    /// Ch: the bits of `one` where `self` has ones, and those of `zero` where it has zeros.
    fn choose(self, one: Self, zero: Self) -> Self;

    /// Maj: the bits that at least two of the three have.
    fn majority(self, b: Self, c: Self) -> Self;

    /// A bit for each lane that has no bit in common with the mask.
    fn clear_of(self, mask: Self) -> u64;
}
