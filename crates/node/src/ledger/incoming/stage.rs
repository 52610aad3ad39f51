//! Stages an incoming chain block by block, then adopts it as a whole or not at all.

use std::sync::PoisonError;

use ledger_core::seam::{AnyState, CheckedBlock};
use ledger_core::{ForkPoint, Tip};
use tokio::sync::oneshot;

use super::partial::LARGE_BLOCK_BYTES;
use crate::ledger::reorg::plan;
use crate::ledger::writer::{Command, Outcome, Writer};
use crate::ledger::{ChangeError, Ledger};
use crate::store::common::{self, Copied};
use crate::store::{Adoption, Batch, Keys, ReadyBatch, Stage, StoreError, staging};
use crate::system::causes::with_causes;

/// Bytes on disk for each byte of a copied block, including its index.
const COPY_FACTOR: u64 = 2;

/// A stage of up to this many blocks gets its index of hashes at the end. Sorting takes 40 bytes of memory a hash.
const UNINDEXED_BLOCKS: u64 = 512 << 10;

/// Entries of the index of hashes written at a time, in some 40 ms. Each write costs some pages of the log.
const HASHES: usize = 16_384;

/// Stages the blocks of a chain that ours lacks. Dropping it removes the stage.
///
/// Its calls block the thread. A batch is written while the next one fills.
#[derive(Debug)]
pub struct StageWriter {
    ledger: Ledger,
    id: u64,
    batch: Batch,
    /// Payments appended so far, including rewards.
    payments: u64,
    /// Blocks appended so far.
    blocks: u64,
    /// Bytes of blocks appended so far.
    bytes: u64,
    keys: Keys,
    /// Bytes claimed on disk so far.
    staged: u64,
    /// Whether the stage has its index of hashes.
    indexed: bool,
    /// The pending write of the last batch. It returns the batch, whose memory is reused.
    writing: Option<oneshot::Receiver<Result<ReadyBatch, StoreError>>>,
}

impl StageWriter {
    /// A new, empty stage.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub fn new(ledger: &Ledger) -> Result<Self, ChangeError> {
        let (id, stages) = ledger.0.staging.begin();
        let (ledger, batch, keys) = (ledger.clone(), Batch::default(), Keys::shared_by(stages));
        let mut stage = Self {
            ledger,
            id,
            batch,
            payments: 0,
            blocks: 0,
            bytes: 0,
            keys,
            staged: 0,
            indexed: false,
            writing: None,
        };
        stage.ask(move |writer| writer.store.create_stage(id).map(|()| Batch::default().ready()))?;
        Ok(stage)
    }

    /// Appends a block in memory. See [`write_if_full`](Self::write_if_full).
    pub fn append(&mut self, block: &CheckedBlock<'_>) {
        self.batch.add(block, &mut self.keys);
        self.ledger.0.staging.holds(block.tip().height);
        self.payments += block.movements().len() as u64;
        self.blocks += 1;
        self.bytes += block.text().len() as u64;
    }

    /// Starts to write the appended blocks if they fill a batch.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub fn write_if_full(&mut self) -> Result<(), ChangeError> {
        if self.batch.bytes() < self.ledger.0.staging.share() { Ok(()) } else { self.flush() }
    }

    /// Replaces our chain with the staged one, which shares the blocks up to `fork` with ours and ends with `tip`. `state` is
    /// what the block after it is checked against. Returns `None` if the staged chain no longer wins, or no longer builds on
    /// ours.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails; our chain and pool stay the same.
    pub fn adopt(
        mut self,
        fork: ForkPoint,
        tip: Tip,
        state: AnyState,
    ) -> Result<Option<Adoption>, ChangeError> {
        let mut stage = self.complete(fork, tip)?;
        let ledger = self.ledger.clone();
        let _lock = ledger.0.adopting.lock().unwrap_or_else(PoisonError::into_inner);
        while ledger.rules().wins(&tip, &ledger.tip()) {
            // The writer checks this again. Checking here avoids the copy and the plan for a stale stage.
            if !self.ledger.readers().snapshot(|snapshot| staging::still_fits(snapshot, &stage))? {
                return Ok(None);
            }
            self.copy_common(&mut stage)?;
            let plan = plan(&self.ledger, &stage)?;
            let state = state.clone();
            match ledger.wait_for(move |writer, stage| writer.adopt(&stage, plan, state), stage)? {
                Outcome::Adopted(adoption) => return Ok(Some(adoption)),
                Outcome::Declined => return Ok(None),
                Outcome::Outdated => {}
            }
        }
        Ok(None)
    }

    /// Writes the remaining blocks.
    pub(in crate::ledger) fn complete(&mut self, fork: ForkPoint, tip: Tip) -> Result<Stage, ChangeError> {
        self.write_now()?;
        let Self { id, payments, bytes, .. } = *self;
        Ok(Stage { id, fork, tip, payments, bytes, has_common: false })
    }

    /// Copies the blocks in common in front of the staged ones, if that pays off, there is room and it was not done yet.
    pub(in crate::ledger) fn copy_common(&mut self, stage: &mut Stage) -> Result<(), ChangeError> {
        if stage.has_common {
            return Ok(());
        }
        let to_copy = |snapshot: &_| common::bytes_to_copy(snapshot, stage);
        let Some(bytes) = self.ledger.readers().snapshot(|snapshot| to_copy(snapshot))? else {
            return Ok(());
        };
        if let Err(refused) = self.claim(COPY_FACTOR * bytes) {
            let why = with_causes(&refused);
            tracing::warn!("adopting a chain without copying {bytes} bytes of blocks in common: {why}");
            return Ok(());
        }
        if self.is_long(stage.fork.shared()) {
            self.index_hashes()?;
        }
        let mut copied = (stage.fork != ForkPoint::Nothing).then(Copied::default);
        while let Some(so_far) = copied {
            let copy = move |writer: &mut Writer, stage: Stage| writer.store.copy_common(&stage, so_far);
            copied = self.ledger.wait_for(copy, *stage)?;
        }
        self.index_common(stage.fork.shared())?;
        self.index_hashes()?;
        stage.has_common = true;
        Ok(())
    }

    /// Whether the stage with `more` blocks is too long to get its index of hashes only at the end.
    fn is_long(&self, more: u64) -> bool {
        self.blocks + more > UNINDEXED_BLOCKS
    }

    /// Builds the stage's index of hashes if it has none. The writer serves others in between.
    fn index_hashes(&mut self) -> Result<(), ChangeError> {
        if self.indexed {
            return Ok(());
        }
        // Blocks on their way to the disk are indexed, too.
        self.wait()?;
        let id = self.id;
        let entries = self.ledger.readers().snapshot(|snapshot| staging::hashes(snapshot, id))?;
        for part in entries.chunks(HASHES) {
            let add = move |writer: &mut Writer, part: Vec<_>| writer.store.add_hashes(id, &part);
            self.ledger.wait_for(add, part.to_vec())?;
        }
        self.ledger.wait_for(|writer, id| writer.store.declare_hashes(id), id)?;
        self.indexed = true;
        Ok(())
    }

    /// Writes the index of the common blocks in the fork's segment.
    fn index_common(&mut self, fork: u64) -> Result<(), ChangeError> {
        let mut after = common::whole_segments(fork);
        while after < fork {
            let ledger = self.ledger.clone();
            let index = move |largest| {
                let rules = &**ledger.rules();
                ledger.readers().snapshot(|snapshot| common::index(snapshot, rules, (after, fork), largest))
            };
            let (mut rows, mut last) = index(LARGE_BLOCK_BYTES)?;
            if last == after {
                let whole = self.ledger.0.large.run("indexing blocks in common", move || index(usize::MAX));
                (rows, last) = whole??;
            }
            self.write(rows)?;
            self.wait()?;
            after = last;
        }
        Ok(())
    }

    /// Writes all appended blocks and frees their memory.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub fn write_now(&mut self) -> Result<(), ChangeError> {
        self.flush()?;
        self.wait()?;
        self.batch = Batch::default();
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ChangeError> {
        self.claim(self.batch.size() as u64)?;
        if self.is_long(0) {
            self.index_hashes()?;
        }
        // Prepare this batch while the previous one is being written.
        let full = std::mem::take(&mut self.batch).ready();
        self.batch = self.wait()?.emptied(self.ledger.0.staging.share());
        self.write(full)
    }

    /// Claims room on disk, within the limit for peers' chains.
    fn claim(&mut self, bytes: u64) -> Result<(), ChangeError> {
        self.ledger.0.staging.claim(self.ledger.directory(), bytes)?;
        self.staged += bytes;
        Ok(())
    }

    /// Starts to write a batch. Wait for the previous one first.
    fn write(&mut self, mut batch: ReadyBatch) -> Result<(), ChangeError> {
        let id = self.id;
        self.ask(move |writer| writer.store.append_to_stage(id, &mut batch).map(|()| batch))
    }

    fn ask(
        &mut self,
        change: impl FnOnce(&mut Writer) -> Result<ReadyBatch, StoreError> + Send + 'static,
    ) -> Result<(), ChangeError> {
        let (reply, answer) = oneshot::channel();
        self.ledger.0.commands.blocking_send(Command::task(change, reply))?;
        self.writing = Some(answer);
        Ok(())
    }

    /// Waits until the pending batch is written. Returns it.
    fn wait(&mut self) -> Result<ReadyBatch, ChangeError> {
        while let Some(answer) = self.writing.take() {
            let batch = answer.blocking_recv().map_err(|_| ChangeError::Stopped)??;
            if batch.is_written() {
                return Ok(batch);
            }
            self.write(batch)?;
        }
        Ok(Batch::default().ready())
    }
}

impl Drop for StageWriter {
    fn drop(&mut self) {
        self.ledger.0.staging.end(self.staged);
        let id = self.id;
        let (reply, _) = oneshot::channel();
        let command = Command::task(move |writer: &mut Writer| writer.store.drop_stage(id), reply);
        self.ledger.0.commands.send_later(command);
    }
}

#[cfg(test)]
mod tests;
