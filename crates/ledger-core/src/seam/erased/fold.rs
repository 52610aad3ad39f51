//! A chain, checked one block at a time.

use std::sync::Arc;

use super::check::{Erased, of_row};
use crate::position::{Timestamp, Tip};
use crate::seam::checked::CheckedBlock;
use crate::seam::checking::{Checking, Proofs};
use crate::seam::errors::{BlockError, StoredError};
use crate::seam::opaque::AnyState;
use crate::seam::rule_set::Chain;
use crate::seam::rules::{BlockText, Rules};
use crate::seam::stored::Stored;

/// Chain validation as a fold: checks one block at a time, keeping only the state after the last one.
#[derive(Debug)]
pub(super) struct Fold<R: Rules> {
    pub(super) rules: Arc<Erased<R>>,
    pub(super) proofs: Proofs,
    pub(super) state: Option<R::State>,
}

impl<R: Rules> Fold<R> {
    fn take<'a>(&mut self, block: R::Block<'a>, now: Timestamp) -> Result<CheckedBlock<'a>, BlockError> {
        let with = Checking { now: Some(now), proofs: self.proofs };
        let (block, state) = self.rules.check(self.state.as_ref(), block, with).map_err(BlockError::Rule)?;
        self.state = Some(state);
        Ok(block)
    }

    fn take_stored<'a>(
        &mut self,
        block: R::Block<'a>,
        row: Stored<'_>,
    ) -> Result<CheckedBlock<'a>, StoredError> {
        let with = Checking { now: None, proofs: self.proofs };
        let (block, state) = self.rules.check(self.state.as_ref(), block, with).map_err(StoredError::Rule)?;
        if block.saved() != row.saved {
            return Err(StoredError::State(row.height));
        }
        self.state = Some(state);
        Ok(block)
    }
}

impl<R: Rules> Chain for Fold<R> {
    fn push<'a>(&mut self, json: &'a [u8], now: Timestamp) -> Result<CheckedBlock<'a>, BlockError> {
        let block = self.rules.read(self.state.as_ref(), json)?;
        self.take(block, now)
    }

    fn push_large(
        &mut self,
        json: Vec<u8>,
        now: Timestamp,
        each: &mut dyn FnMut(CheckedBlock<'_>),
    ) -> Result<(), BlockError> {
        let block = self.rules.read(self.state.as_ref(), &json)?;
        if block.is_borrowed() {
            each(self.take(block, now)?);
            return Ok(());
        }
        // The block borrows from the JSON. Drop both before reading the rewritten text: it may have 32 MiB.
        let text = block.into_parts().0.into_owned();
        drop(json);
        each(self.push(text.as_bytes(), now)?);
        Ok(())
    }

    fn push_stored(
        &mut self,
        rows: &[Stored<'_>],
        each: &mut dyn FnMut(CheckedBlock<'_>),
    ) -> Result<(), StoredError> {
        let texts: Vec<_> = rows.iter().map(|row| row.text).collect();
        for (row, read) in rows.iter().zip(self.rules.0.read_each(&texts)) {
            each(self.take_stored(of_row(*row, read)?, *row)?);
        }
        Ok(())
    }

    fn tip(&self) -> Option<Tip> {
        self.state.as_ref().map(|state| self.rules.0.tip(state))
    }

    fn state(&self) -> Option<AnyState> {
        self.state.clone().map(AnyState::new)
    }
}
