//! Blocks with their hashes, however they are held.

use crate::classic::encoded::EncodedBlock;
use crate::classic::members::Members;
use crate::hash::BlockHash;

/// What a [`Verifier`](crate::Verifier) is given: a [`Members`], hashed when that is asked for, or an [`EncodedBlock`], which
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
    impl Sealed for crate::classic::encoded::EncodedBlock<'_> {}
}

impl Hashed for Members<'_> {
    fn block(&self) -> &Members<'_> {
        self
    }

    fn hash(&self) -> BlockHash {
        Members::hash(self)
    }
}

impl Hashed for EncodedBlock<'_> {
    fn block(&self) -> &Members<'_> {
        EncodedBlock::block(self)
    }

    fn hash(&self) -> BlockHash {
        EncodedBlock::hash(self)
    }
}
