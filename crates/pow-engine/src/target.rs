//! The number that a hash is compared with.

use crate::sha256;

/// A number of 256 bits, most significant word first. A hash that is at most this number solves the puzzle.
///
/// # Examples
///
/// ```
/// use pow_engine::Target;
///
/// let target = Target::with_leading_zero_bits(12);
/// assert_eq!(target.to_bytes()[..3], [0x00, 0x0f, 0xff]);
/// assert_eq!(Target::from_bytes(target.to_bytes()), target);
/// assert!(target < Target::with_leading_zero_bits(11));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target([u32; 8]);

impl Target {
    /// The largest number with this many leading zero bits; zero from 256 bits on.
    #[must_use]
    pub fn with_leading_zero_bits(bits: u32) -> Self {
        let mut words = [0; 8];
        for (word, bits_before) in words.iter_mut().zip((0..256).step_by(32)) {
            *word = u32::MAX.checked_shr(bits.saturating_sub(bits_before)).unwrap_or(0);
        }
        Self(words)
    }

    /// The target with these bytes, most significant byte first.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let (words, _) = bytes.as_chunks();
        Self(std::array::from_fn(|i| u32::from_be_bytes(words[i])))
    }

    /// The target's bytes, most significant byte first.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        sha256::digest(self.0)
    }

    /// Number of leading zero bits.
    pub(crate) fn leading_zeros(&self) -> u32 {
        let zeros = self.0.iter().take_while(|word| **word == 0).count();
        32 * zeros as u32 + self.0.get(zeros).map_or(0, |word| word.leading_zeros())
    }

    /// Number of hashes at or below the target, with the precision of a float.
    pub(crate) fn solutions(&self) -> f64 {
        self.0.iter().fold(0.0, |sum, word| sum * 2_f64.powi(32) + f64::from(*word)) + 1.0
    }

    /// Whether a hash, given as SHA-256's eight words, is at or below the target.
    pub(crate) fn is_met_by(&self, hash: &[u32; 8]) -> bool {
        *hash <= self.0
    }

    /// The most significant 32 bits.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn first_word(&self) -> u32 {
        self.0[0]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Target;

    proptest! {
        #[test]
        fn only_hashes_with_enough_zero_digits_meet_a_target(
            hash: [u32; 8], zeros_of_hash in 0u32..=64, zeros in 0u32..=64,
        ) {
            let mut hash = super::sha256::digest(hash).map(|byte| byte | 0x11);
            for digit in 0..zeros_of_hash {
                hash[digit as usize / 2] &= if digit % 2 == 0 { 0x0f } else { 0 };
            }
            let Target(words) = Target::from_bytes(hash);
            prop_assert_eq!(Target::with_leading_zero_bits(4 * zeros).is_met_by(&words), zeros_of_hash >= zeros);
        }

        #[test]
        fn target_keeps_its_bytes_and_meets_itself(bytes: [u8; 32]) {
            let target = Target::from_bytes(bytes);
            prop_assert_eq!(target.to_bytes(), bytes);
            prop_assert!(target.is_met_by(&target.0));
        }
    }

    #[test]
    fn zero_digit_takes_sixteen_times_the_attempts() {
        for zeros in 0..=64_u32 {
            let work = crate::Work::new("", "", Target::with_leading_zero_bits(4 * zeros));
            assert_eq!(work.expected_tries(), 16_f64.powi(zeros.cast_signed()), "{zeros} zeros");
            assert_eq!(work.leading_zeros(), 4 * zeros);
        }
        let third = Target::from_bytes([0x55; 32]);
        assert_eq!((third.leading_zeros(), (2_f64.powi(256) / third.solutions()).round()), (1, 3.0));
    }

    #[test]
    fn number_above_a_target_does_not_meet_it() {
        let target = Target([0, 7, u32::MAX, 0, 0, 0, 0, 5]);
        assert!(target.is_met_by(&[0, 7, u32::MAX, 0, 0, 0, 0, 5]));
        assert!(!target.is_met_by(&[0, 7, u32::MAX, 0, 0, 0, 0, 6]));
        assert!(!target.is_met_by(&[0, 8, 0, 0, 0, 0, 0, 0]));
        assert!(!target.is_met_by(&[1, 0, 0, 0, 0, 0, 0, 0]));
    }

    #[test]
    fn target_of_256_bits_or_more_is_zero() {
        assert_eq!(Target::with_leading_zero_bits(256), Target([0; 8]));
        assert_eq!(Target::with_leading_zero_bits(u32::MAX), Target([0; 8]));
        assert_eq!(Target::with_leading_zero_bits(255), Target([0, 0, 0, 0, 0, 0, 0, 1]));
        assert_eq!(Target::with_leading_zero_bits(0), Target([u32::MAX; 8]));
    }
}
