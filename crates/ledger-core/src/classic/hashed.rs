//! Blocks with their hashes, however they are held.

use crate::classic::block::Block;
use crate::classic::members::Members;
use crate::hash::BlockHash;

/// What a [`Verifier`](crate::Verifier) is given: a [`Members`], hashed when that is asked for, or an [`Block`], which
/// has its hash.
pub trait Hashed: sealed::Sealed {
    /// The block.
    fn block(&self) -> &Members<'_>;

    /// The hash of its canonical text.
    fn hash(&self) -> BlockHash;
}

mod sealed {
    /// Nobody else answers for a block's hash.
    pub trait Sealed {}

    impl Sealed for crate::classic::members::Members<'_> {}
    impl Sealed for crate::classic::block::Block<'_> {}
}

impl Hashed for Members<'_> {
    fn block(&self) -> &Members<'_> {
        self
    }

    fn hash(&self) -> BlockHash {
        Members::hash(self)
    }
}

impl Hashed for Block<'_> {
    fn block(&self) -> &Members<'_> {
        Block::block(self)
    }

    fn hash(&self) -> BlockHash {
        Block::hash(self)
    }
}
