//! Where two chains part.

use super::height::Height;
use super::tip::Tip;
use crate::hash::BlockHash;

/// The last block that two chains share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForkPoint {
    /// They share no block.
    Nothing,
    /// They share this block and all before it.
    Block {
        /// Its height.
        height: Height,
        /// Its hash.
        hash: BlockHash,
    },
}

impl ForkPoint {
    /// How many blocks the chains share.
    #[must_use]
    pub fn shared(&self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::Block { height, .. } => height.get(),
        }
    }
}

/// A chain that continues from a tip shares all blocks up to it.
impl From<Tip> for ForkPoint {
    fn from(tip: Tip) -> Self {
        Self::Block { height: tip.height, hash: tip.hash }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_share_all_blocks_up_to_the_fork() {
        let height = Height::new(7).unwrap();
        let fork = ForkPoint::Block { height, hash: BlockHash::of_text("") };
        assert_eq!((ForkPoint::Nothing.shared(), fork.shared()), (0, 7));
    }
}
