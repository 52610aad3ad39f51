//! The only place where blocks are checked.

use std::sync::Arc;

use crate::hash::BlockHash;
use crate::position::Height;
use crate::seam::checked::CheckedBlock;
use crate::seam::checking::Checking;
use crate::seam::errors::{AnyViolation, BlockError, ParseError, StoredError};
use crate::seam::rules::{BlockText, Rules};
use crate::seam::stored::Stored;

/// Turns a rule set's [`Rules`] into a [`RuleSet`](crate::seam::RuleSet).
#[derive(Clone, Debug)]
pub struct Erased<R>(pub R);

/// A checked block and the state after it.
pub(super) type Checked<'a, R> = (CheckedBlock<'a>, <R as Rules>::State);

impl<R: Rules> Erased<R> {
    /// Checks a block against the state before it.
    pub(super) fn check<'a>(
        &self,
        before: Option<&R::State>,
        block: R::Block<'a>,
        with: Checking,
    ) -> Result<Checked<'a, R>, Arc<dyn AnyViolation>> {
        let state = match self.0.check(before, &block, with) {
            Ok(state) => state,
            Err(violation) => return Err(Arc::new(violation)),
        };
        let parent = before.map(|before| self.0.tip(before).hash);
        Ok((CheckedBlock::new(&self.0, parent, block, &state), state))
    }

    /// Reads a block that arrives as the next one.
    pub(super) fn read<'a>(
        &self,
        before: Option<&R::State>,
        json: &'a [u8],
    ) -> Result<R::Block<'a>, BlockError> {
        let height = before.map_or(Height::GENESIS, |before| self.0.tip(before).height.next());
        let read = self.0.read(json, self.0.limits().block_bytes);
        read.map_err(|error| BlockError::Parse { height: height.get(), error })
    }
}

/// Checks that a block read from a row is the one that was stored there.
pub(super) fn of_row<'a, B: BlockText<'a>>(
    row: Stored<'a>,
    read: Result<B, ParseError>,
) -> Result<B, StoredError> {
    let Stored { height, hash: stored, text, .. } = row;
    let block = read.map_err(|error| unreadable(row, error))?;
    let found = block.hash();
    if found.to_hex() != stored.as_bytes() {
        return Err(StoredError::Hash { height, stored: stored.to_owned(), found });
    }
    let canonical = block.text().as_bytes();
    if !std::ptr::eq(canonical, text) && canonical != text {
        return Err(StoredError::Form(height));
    }
    match block.height() {
        found if found != height.get() => Err(StoredError::Index { height, found }),
        _ => Ok(block),
    }
}

/// Distinguishes a changed row from one that another rule set wrote.
fn unreadable(row: Stored<'_>, error: ParseError) -> StoredError {
    let Stored { height, hash, text, .. } = row;
    match BlockHash::of_texts(&[text])[..] {
        [found] if found.to_hex() == hash.as_bytes() => StoredError::OtherRules { height, error },
        _ => StoredError::Parse { height, error },
    }
}
