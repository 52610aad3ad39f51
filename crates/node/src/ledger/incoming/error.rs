//! Why a chain is not taken in.

use ledger_core::seam::BlockError;
use ledger_core::{Height, StreamError};

use crate::ledger::ChangeError;
use crate::store::StoreError;
use crate::text::{Looks, NotUtf8, TextError};

/// What ends the intake of a chain.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The bytes are something else.
    #[error("not a chain in JSON, but {0}")]
    Looks(Looks),
    /// There are no bytes.
    #[error("there is nothing in it")]
    Empty,
    /// The bytes are no text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The text is no chain.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A block is written in an encoding that JSON does not have.
    #[error("block {index}: of its JSON, {error}; JSON is UTF-8, UTF-16 or UTF-32")]
    NotUtf8 {
        /// Its place in the chain, from 1.
        index: u64,
        /// The first byte that is wrong, its place counted from the block's first.
        error: NotUtf8,
    },
    /// A block is no block, or breaks a rule.
    #[error(transparent)]
    Block(BlockError),
    /// A chain has at least its genesis.
    #[error("the chain has no blocks")]
    NoBlocks,
    /// The chain was asked for from a block on that it does not share with ours, and may win all the same.
    #[error("the chains part before block {0}")]
    Parted(Height),
    /// Our own store failed.
    #[error(transparent)]
    Refused(#[from] ChangeError),
}

impl From<StoreError> for IntakeError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl IntakeError {
    /// Why a block is refused. One that is no UTF-8 is no block.
    pub(super) fn refused(error: BlockError, not_utf8: impl FnOnce() -> Option<NotUtf8>) -> Self {
        if let BlockError::Parse { height: index, .. } = error
            && let Some(error) = not_utf8()
        {
            return Self::NotUtf8 { index, error };
        }
        Self::Block(error)
    }

    /// Whether what came is not even the beginning of a chain, however wrong.
    pub fn is_no_chain(&self) -> bool {
        match self {
            Self::Looks(_) | Self::Empty | Self::Text(_) | Self::Stream(StreamError::NoChain) => true,
            Self::Stream(StreamError::Syntax { offset, .. }) => is_at_begin(*offset),
            _ => false,
        }
    }

    /// The same failure; what the bytes look like if they are wrong from the beginning.
    pub(super) fn seen(self, begin: &[u8]) -> Self {
        match (&self, Looks::of(begin)) {
            (Self::Stream(StreamError::Syntax { offset, .. }), Some(looks)) if is_at_begin(*offset) => {
                Self::Looks(looks)
            }
            _ => self,
        }
    }
}

fn is_at_begin(offset: u64) -> bool {
    offset < Looks::LOOKS_AT as u64
}
