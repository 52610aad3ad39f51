//! A block that a rule set accepted.

use std::borrow::Cow;

use super::movement::Movement;
use super::rules::{BlockText, Rules};
use crate::hash::BlockHash;
use crate::json::{JsonError, Reader};
use crate::position::Tip;

/// A block that its rule set checked and accepted. Nothing else can be stored or staged.
///
/// Only a check makes one. Its texts are borrowed from the bytes that were read, or owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedBlock<'a> {
    text: Cow<'a, str>,
    hash: BlockHash,
    tip: Tip,
    parent: Option<BlockHash>,
    movements: Vec<Movement<'a>>,
    saved: Option<String>,
}

impl<'a> CheckedBlock<'a> {
    /// Wraps a block that the rules accepted after `parent`, with the state that follows.
    pub(super) fn new<R: Rules>(
        rules: &R,
        parent: Option<BlockHash>,
        block: R::Block<'a>,
        state: &R::State,
    ) -> Self {
        let hash = block.hash();
        let (text, movements) = block.into_parts();
        Self { text, hash, tip: rules.tip(state), parent, movements, saved: rules.saved(state) }
    }

    /// The canonical text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The hash of the text.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        self.hash
    }

    /// The tip of the chain that ends with this block.
    #[must_use]
    pub fn tip(&self) -> Tip {
        self.tip
    }

    /// The hash of the block before it; `None` for a genesis.
    #[must_use]
    pub fn parent(&self) -> Option<BlockHash> {
        self.parent
    }

    /// Who pays whom: one movement per payment, in order.
    #[must_use]
    pub fn movements(&self) -> &[Movement<'a>] {
        &self.movements
    }

    /// The state after this block, if the rule set cannot read it back from the text.
    #[must_use]
    pub fn saved(&self) -> Option<&str> {
        self.saved.as_deref()
    }

    /// The JSON of one of the block's members, cut out of the text.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&str> {
        let mut found = None;
        let read = Reader::new(self.text.as_bytes()).and_then(|mut reader| {
            reader.object(|reader, member| {
                let value = reader.take()?;
                if member.raw() == name {
                    found = Some(value);
                }
                Ok::<_, JsonError>(())
            })
        });
        read.ok().and(found)
    }

    /// Copies borrowed texts.
    #[must_use]
    pub fn into_owned(self) -> CheckedBlock<'static> {
        let Self { text, hash, tip, parent, movements, saved } = self;
        let movements = movements.into_iter().map(Movement::into_owned).collect();
        CheckedBlock { text: Cow::Owned(text.into_owned()), hash, tip, parent, movements, saved }
    }
}
