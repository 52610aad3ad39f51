//! A block's position in a chain.

use std::fmt;
use std::num::NonZeroU64;

/// A block's position in a checked chain, from 1, the genesis. Also the length of the chain that ends there.
///
/// # Examples
///
/// ```
/// use ledger_core::Height;
///
/// assert_eq!(Height::GENESIS.next(), Height::new(2).expect("not 0"));
/// assert_eq!(Height::new(0), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Height(NonZeroU64);

impl Height {
    /// The height of the first block.
    pub const GENESIS: Self = Self(NonZeroU64::MIN);

    /// The height with this number; `None` for 0.
    #[must_use]
    pub fn new(height: u64) -> Option<Self> {
        NonZeroU64::new(height).map(Self)
    }

    /// The height as a number, 1 or more.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// The height of the next block. Saturates at 2^64 - 1, which no chain reaches.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<Height> for u64 {
    fn from(height: Height) -> Self {
        height.get()
    }
}

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn height_is_its_number() {
        let height = Height::new(7).unwrap();
        assert_eq!((height.get(), u64::from(height), height.next().get()), (7, 7, 8));
        assert_eq!(height.to_string(), "7");
    }
}
