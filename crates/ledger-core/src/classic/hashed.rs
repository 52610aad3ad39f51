//! Blocks with their hashes, however they are held.

use crate::classic::block::Block;
use crate::classic::encoded::EncodedBlock;
use crate::hash::BlockHash;

/// What a [`Verifier`](crate::Verifier) is given: a [`Block`], hashed when that is asked for, or an [`EncodedBlock`], which
/// has its hash.
pub trait Hashed: sealed::Sealed {
    /// The block.
    fn block(&self) -> &Block<'_>;

    /// The hash of its canonical text.
    fn hash(&self) -> BlockHash;
}

mod sealed {
    /// Nobody else answers for a block's hash.
    pub trait Sealed {}

    impl Sealed for crate::classic::block::Block<'_> {}
    impl Sealed for crate::classic::encoded::EncodedBlock<'_> {}
}

impl Hashed for Block<'_> {
    fn block(&self) -> &Block<'_> {
        self
    }

    fn hash(&self) -> BlockHash {
        Block::hash(self)
    }
}

impl Hashed for EncodedBlock<'_> {
    fn block(&self) -> &Block<'_> {
        EncodedBlock::block(self)
    }

    fn hash(&self) -> BlockHash {
        EncodedBlock::hash(self)
    }
}
