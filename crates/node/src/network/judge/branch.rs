//! Switches to another branch whose blocks are all here.

use ledger_core::seam::Glance;
use ledger_core::{BlockHash, Height};
use p2p::{ArrivedBlock, Verdict};

use super::rivals::Rivals;
use crate::ledger::{BlockIntake, IntakeError, Ledger};
use crate::store::blocks;
use crate::system::causes::with_causes;
use crate::system::threads::blocking;

/// Switches to a block and the kept ones before it, if that branch wins over ours. `None` if it does not, or a block is missing.
pub(super) async fn switch(
    ledger: Ledger,
    rivals: Rivals,
    block: &ArrivedBlock,
    glance: Glance,
) -> Option<Verdict> {
    if ledger.check_takes_changes().is_err() {
        return Some(Verdict::Ignore);
    }
    let data = block.data.clone();
    let switched = blocking("switching to a pushed block", move || {
        let begun = begin(&ledger, &rivals, glance)?;
        begun.map(|intake| end(&ledger, intake, &data)).transpose().map(Option::flatten)
    });
    match switched.await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => {
            tracing::debug!("no switch to a block of {}: {}", block.from, with_causes(&error));
            None
        }
        Err(panicked) => {
            tracing::error!("{panicked}");
            None
        }
    }
}

/// An intake with all blocks before a block; `None` if one is missing.
fn begin(ledger: &Ledger, rivals: &Rivals, block: Glance) -> Result<Option<BlockIntake>, IntakeError> {
    let height_of =
        |hash: &BlockHash| ledger.readers().snapshot(|snapshot| blocks::height_of(snapshot, *hash));
    let is_ours = |hash: &BlockHash| height_of(hash).map(|height| height.is_some());
    let Some((fork, before)) = rivals.before(&**ledger.rules(), block, is_ours)? else { return Ok(None) };
    let Some(height) = height_of(&fork)?.and_then(Height::new) else { return Ok(None) };
    let mut intake = BlockIntake::after(ledger, height, fork)?;
    before.iter().try_for_each(|block| intake.take(block))?;
    Ok(Some(intake))
}

/// Adopts a branch that ends with this block. `None` if it does not win.
fn end(ledger: &Ledger, mut intake: BlockIntake, data: &[u8]) -> Result<Option<Verdict>, IntakeError> {
    let is_canonical = ledger.rules().canonical_text(data).is_ok_and(|text| text.as_bytes() == data);
    match intake.take(data) {
        Ok(()) if is_canonical => {}
        Err(error) if error.is_ours() => return Ok(Some(Verdict::Ignore)),
        Ok(()) | Err(_) => return Ok(Some(Verdict::Reject)),
    }
    let Some(candidate) = intake.finish()? else { return Ok(None) };
    Ok(candidate.adopt()?.map(|_| Verdict::Accept))
}
