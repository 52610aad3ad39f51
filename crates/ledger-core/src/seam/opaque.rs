//! States and drafts of any rule set.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::checked::CheckedBlock;
use crate::position::Tip;
use crate::pow::Work;

/// The state of a chain: what the next block is checked against. Cheap to clone.
#[derive(Clone)]
pub struct AnyState(Arc<dyn Any + Send + Sync>);

/// A block of ours that lacks its proof. Cheap to clone.
#[derive(Clone)]
pub struct AnyDraft {
    parent: Tip,
    work: Arc<Work>,
    inner: Arc<dyn Any + Send + Sync>,
}

/// A checked block that may become our tip, with the state that follows it.
#[derive(Clone, Debug)]
pub struct Successor {
    block: CheckedBlock<'static>,
    state: AnyState,
}

impl AnyState {
    pub(super) fn new(state: impl Any + Send + Sync) -> Self {
        Self(Arc::new(state))
    }

    /// The state, as the type of the rule set that made it.
    pub(super) fn of<S: 'static>(&self) -> &S {
        self.0.downcast_ref().expect(ONE_RULE_SET)
    }
}

impl AnyDraft {
    pub(super) fn new(parent: Tip, work: Work, draft: impl Any + Send + Sync) -> Self {
        Self { parent, work: Arc::new(work), inner: Arc::new(draft) }
    }

    /// The tip that the block will follow.
    #[must_use]
    pub fn parent(&self) -> Tip {
        self.parent
    }

    /// The proof of work to be found.
    #[must_use]
    pub fn work(&self) -> &Arc<Work> {
        &self.work
    }

    /// The draft, as the type of the rule set that made it.
    pub(super) fn of<D: 'static>(&self) -> &D {
        self.inner.downcast_ref().expect(ONE_RULE_SET)
    }
}

impl Successor {
    pub(super) fn new(block: CheckedBlock<'static>, state: AnyState) -> Self {
        Self { block, state }
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &CheckedBlock<'static> {
        &self.block
    }

    /// The state after the block.
    #[must_use]
    pub fn state(&self) -> &AnyState {
        &self.state
    }

    /// Splits it into block and state.
    #[must_use]
    pub fn into_parts(self) -> (CheckedBlock<'static>, AnyState) {
        (self.block, self.state)
    }
}

/// A program uses one rule set. Mixing two is a bug in the program that no input can cause.
const ONE_RULE_SET: &str = "states and drafts return to the rule set that made them";

impl fmt::Debug for AnyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyState")
    }
}

impl fmt::Debug for AnyDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyDraft").field("parent", &self.parent).finish_non_exhaustive()
    }
}
