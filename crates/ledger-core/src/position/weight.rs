//! The weight of a chain.

use std::fmt;

/// A chain's weight: the heavier of two valid chains wins. The rule set decides what counts: blocks or work.
///
/// A number of 256 bits, so that the work of any chain fits.
///
/// # Examples
///
/// ```
/// use ledger_core::Weight;
///
/// assert!(Weight::from(3) > Weight::from(2));
/// assert_eq!(Weight::from_be_bytes(Weight::from(7).to_be_bytes()), Weight::from(7));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight([u8; 32]);

impl Weight {
    /// The weight with these bytes, most significant byte first.
    #[must_use]
    pub fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The weight's bytes, most significant byte first.
    #[must_use]
    pub fn to_be_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl From<u64> for Weight {
    fn from(weight: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[24..].copy_from_slice(&weight.to_be_bytes());
        Self(bytes)
    }
}

/// Writes hex digits, without leading zero bytes.
impl fmt::Debug for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        let zeros = self.0.iter().take(31).take_while(|byte| **byte == 0).count();
        self.0[zeros..].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn weights_compare_as_their_numbers(one: u64, other: u64, above in 0usize..24) {
            prop_assert_eq!(Weight::from(one).cmp(&Weight::from(other)), one.cmp(&other));
            let mut bytes = Weight::from(one).to_be_bytes();
            bytes[above] = 1;
            prop_assert!(Weight::from_be_bytes(bytes) > Weight::from(other));
        }
    }

    #[test]
    fn debug_text_is_short() {
        assert_eq!(format!("{:?} {:?}", Weight::from(0), Weight::from(0x1_0002)), "0x00 0x010002");
    }
}
