use serde::{Deserialize, Serialize};

use crate::ids::BlockId;

/// Hashes of a chain from its tip down, in strides that double, so that a peer finds where its own chain forks off.
///
/// 66 hashes reach from any height down to the first block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locator(Vec<BlockId>);

/// The last block that two chains share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkPoint {
    /// Its height.
    pub height: u64,
    /// Its hash.
    pub id: BlockId,
}

impl Locator {
    pub(crate) const MAX: usize = 66;

    /// The heights that a locator of a chain names: the tip, then 1, 2, 4, 8 … below it, and the first block.
    ///
    /// ```
    /// let heights: Vec<u64> = p2p::Locator::heights(20, 1).collect();
    /// assert_eq!(heights, [20, 19, 18, 16, 12, 4, 1]);
    /// ```
    pub fn heights(tip: u64, first: u64) -> impl Iterator<Item = u64> {
        let strides = (0..u64::BITS).map(|bit| 1u64 << bit);
        let below = strides
            .map_while(move |stride| tip.checked_sub(stride))
            .take_while(move |&height| height > first);
        let last = (tip > first).then_some(first);
        std::iter::once(tip).chain(below).chain(last)
    }

    /// A locator of the hashes at [`Locator::heights`], from the tip down. Leaves out all after the first 66.
    pub fn new(ids: impl IntoIterator<Item = BlockId>) -> Self {
        Self(ids.into_iter().take(Self::MAX).collect())
    }

    /// The hashes, from the tip down.
    #[must_use]
    pub fn ids(&self) -> &[BlockId] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locator_of_any_chain_ends_at_its_first_block() {
        for tip in [1, 2, 3, 4, 5, 7, 8, 9, 100_000, u64::MAX] {
            let heights: Vec<_> = Locator::heights(tip, 1).collect();
            assert_eq!((heights.first(), heights.last()), (Some(&tip), Some(&1)), "{tip}");
            assert!(heights.len() <= Locator::MAX && heights.is_sorted_by(|a, b| a > b), "{heights:?}");
        }
    }

    #[test]
    fn chains_that_begin_at_zero_have_locators_too() {
        assert_eq!(Locator::heights(0, 0).collect::<Vec<_>>(), [0]);
        assert_eq!(Locator::heights(3, 0).collect::<Vec<_>>(), [3, 2, 1, 0]);
    }

    #[test]
    fn fork_point_is_missed_by_at_most_its_distance_from_the_tip() {
        let heights: Vec<_> = Locator::heights(10_000, 1).collect();
        for fork in 1..10_000 {
            let found = heights.iter().find(|&&height| height <= fork).unwrap();
            assert!(fork - found <= 10_000 - fork, "fork {fork}, found {found}");
        }
    }
}
