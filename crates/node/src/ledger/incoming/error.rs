//! Why a chain is refused.

use ledger_core::seam::BlockError;
use ledger_core::{Height, StreamError};

use crate::ledger::ChangeError;
use crate::store::StoreError;
use crate::text::{Looks, NotUtf8, TextError};

/// Why the intake of a chain ends early.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The bytes look like something else.
    #[error("not a chain in JSON, but {0}")]
    Looks(Looks),
    /// There are no bytes.
    #[error("it is empty")]
    Empty,
    /// The bytes are not text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The text is not a chain.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A block is in an encoding that JSON does not allow.
    #[error("block {index}: in its JSON, {error}; JSON is UTF-8, UTF-16 or UTF-32")]
    NotUtf8 {
        /// The block's position in the chain, from 1.
        index: u64,
        /// The first wrong byte, counted from the block's first byte.
        error: NotUtf8,
    },
    /// A block is malformed or breaks a rule.
    #[error(transparent)]
    Block(BlockError),
    /// The chain lacks even a genesis.
    #[error("the chain has no blocks")]
    NoBlocks,
    /// The first block that was requested is not ours: the chains part before it. The peer's chain may still win.
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
    /// The error for a refused block. Wrong UTF-8 is reported before wrong JSON.
    pub(super) fn refused(error: BlockError, not_utf8: impl FnOnce() -> Option<NotUtf8>) -> Self {
        if let BlockError::Parse { height: index, .. } = error
            && let Some(error) = not_utf8()
        {
            return Self::NotUtf8 { index, error };
        }
        Self::Block(error)
    }

    /// Whether the cause is with this node: its store fails, or its clock has not reached a block's time.
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Block(error) => error.is_premature(),
            _ => false,
        }
    }

    /// Whether the bytes do not even begin like a chain.
    pub fn is_no_chain(&self) -> bool {
        match self {
            Self::Looks(_) | Self::Empty | Self::Text(_) | Self::Stream(StreamError::NoChain) => true,
            Self::Stream(StreamError::Syntax { offset, .. }) => is_at_begin(*offset),
            _ => false,
        }
    }

    /// Replaces a syntax error at the beginning with what the bytes look like.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ledger_core::seam::Violation;

    use super::*;

    #[derive(Clone, Debug, thiserror::Error)]
    #[error("a rule")]
    struct Broken {
        is_premature: bool,
    }

    impl Violation for Broken {
        fn block(&self) -> Option<u64> {
            None
        }

        fn is_premature(&self) -> bool {
            self.is_premature
        }
    }

    fn syntax(offset: u64) -> IntakeError {
        let expected = "a value";
        StreamError::Syntax { offset, expected }.into()
    }

    #[test]
    fn syntax_error_at_the_beginning_says_what_the_bytes_look_like() {
        let (page, limit) = (b"<!DOCTYPE html>", Looks::LOOKS_AT as u64);
        assert!(matches!(syntax(limit - 1).seen(page), IntakeError::Looks(_)));
        assert!(matches!(syntax(limit).seen(page), IntakeError::Stream(_)));
        assert!(matches!(syntax(0).seen(b"{\"chain\": "), IntakeError::Stream(_)));
        assert!(matches!(IntakeError::NoBlocks.seen(page), IntakeError::NoBlocks));
    }

    #[test]
    fn answers_without_a_chain_are_recognised() {
        let limit = Looks::LOOKS_AT as u64;
        assert!(IntakeError::Empty.is_no_chain());
        assert!(IntakeError::from(StreamError::NoChain).is_no_chain());
        assert!(syntax(limit - 1).is_no_chain());
        assert!(!syntax(limit).is_no_chain());
        assert!(!IntakeError::NoBlocks.is_no_chain());
    }

    #[test]
    fn failing_store_and_slow_clock_are_our_own_fault() {
        let broken = |is_premature| IntakeError::Block(BlockError::Rule(Arc::new(Broken { is_premature })));
        assert!(broken(true).is_ours());
        assert!(!broken(false).is_ours());
        assert!(IntakeError::Refused(ChangeError::Stopped).is_ours());
        assert!(!IntakeError::NoBlocks.is_ours());
    }
}
