//! A place in a chain.

use std::fmt;
use std::num::NonZeroU64;

/// A block's place in a chain that was checked, and so the length of the chain that ends there: 1 is the genesis.
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
    /// The first block's.
    pub const GENESIS: Self = Self(NonZeroU64::MIN);

    /// The height of this number; none for 0.
    #[must_use]
    pub fn new(height: u64) -> Option<Self> {
        NonZeroU64::new(height).map(Self)
    }

    /// The height as a number, 1 or more.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// The height of the block after it. The greatest number of 64 bits, which no chain reaches, has none and stays.
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
