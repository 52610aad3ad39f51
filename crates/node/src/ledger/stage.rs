//! A peer's chain on its way in: staged block by block, then adopted at once or not at all.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use ledger_core::fork::{self, Leftovers};
use ledger_core::{EncodedBlock, Pool, Tip, Transaction, VerifiedTransaction, canonical};
use tokio::sync::oneshot;

use super::writer::{Command, Writer};
use super::{Ledger, Refused};
use crate::store::{Adoption, BlockRow, Stage, StoreError, add_payment, remove_payments, staging};

/// The bytes of blocks that are written together, by all stages that there are.
const BATCH: usize = 16 << 20;

static NEXT_STAGE: AtomicU64 = AtomicU64::new(1);

/// How many stages there are: many chains that arrive at once share the memory that one would take.
static STAGES: AtomicUsize = AtomicUsize::new(0);

/// Takes the blocks of a peer's chain that ours lacks. Dropping it leaves nothing behind.
///
/// Its calls block, so it belongs on a thread that may: it is written while the next blocks are being checked.
#[derive(Debug)]
pub struct StageWriter {
    ledger: Ledger,
    id: u64,
    batch: Vec<BlockRow>,
    batch_bytes: usize,
    /// The answer to the last batch written, which has not been waited for.
    writing: Option<oneshot::Receiver<Result<(), StoreError>>>,
}

impl StageWriter {
    /// A new, empty stage.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the disk fails.
    pub fn new(ledger: &Ledger) -> Result<Self, Refused> {
        let id = NEXT_STAGE.fetch_add(1, Ordering::Relaxed);
        STAGES.fetch_add(1, Ordering::Relaxed);
        let mut stage = Self { ledger: ledger.clone(), id, batch: Vec::new(), batch_bytes: 0, writing: None };
        stage.write(move |writer| writer.store.create_stage(id))?;
        Ok(stage)
    }

    /// Appends a block, which was checked.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the disk fails.
    pub fn append(&mut self, block: EncodedBlock) -> Result<(), Refused> {
        let row = BlockRow::new(block);
        self.batch_bytes += row.bytes();
        self.batch.push(row);
        let share = BATCH / STAGES.load(Ordering::Relaxed).max(1);
        if self.batch_bytes < share { Ok(()) } else { self.flush() }
    }

    /// Replaces our chain by the staged one, which has the blocks up to `fork` in common with it and ends with `tip`;
    /// none if it is not longer than ours by now.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the disk fails; our chain and pool are as they were.
    pub fn adopt(mut self, fork: u64, tip: Tip) -> Result<Option<Adoption>, Refused> {
        self.flush()?;
        self.wait()?;
        let stage = Stage { id: self.id, fork, tip };
        let (reply, answer) = oneshot::channel();
        let command = Command::task(move |writer: &mut Writer| writer.adopt(&stage), reply);
        self.ledger.commands.blocking_send(command)?;
        answer.blocking_recv().map_err(|_| Refused::Stopped)?
    }

    fn flush(&mut self) -> Result<(), Refused> {
        let (id, batch) = (self.id, std::mem::take(&mut self.batch));
        self.batch_bytes = 0;
        self.write(move |writer| writer.store.append_to_stage(id, batch))
    }

    /// Waits for the write before, and begins the next.
    fn write(
        &mut self,
        change: impl FnOnce(&mut Writer) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), Refused> {
        self.wait()?;
        let (reply, answer) = oneshot::channel();
        let command = Command::task(change, reply);
        self.ledger.commands.blocking_send(command)?;
        self.writing = Some(answer);
        Ok(())
    }

    fn wait(&mut self) -> Result<(), Refused> {
        let Some(answer) = self.writing.take() else { return Ok(()) };
        Ok(answer.blocking_recv().map_err(|_| Refused::Stopped)??)
    }
}

impl Drop for StageWriter {
    fn drop(&mut self) {
        STAGES.fetch_sub(1, Ordering::Relaxed);
        let id = self.id;
        let (reply, _) = oneshot::channel();
        let command = Command::task(move |writer: &mut Writer| writer.store.drop_stage(id), reply);
        self.ledger.commands.send_later(command);
    }
}

/// Where a payment is that a new chain may lack.
enum Held {
    InPool(i64),
    InBlock(Transaction),
}

/// What a reorg does to the pool.
#[derive(Default)]
struct PoolChange {
    gone: Vec<i64>,
    returned: Vec<(i64, VerifiedTransaction)>,
}

impl Writer {
    fn adopt(&mut self, stage: &Stage) -> Result<Option<Adoption>, Refused> {
        let (ours, pool) = self.look(|view| (view.tip.index, view.pool.clone()));
        if !fork::replaces(stage.tip.index, ours) {
            return Ok(None);
        }
        let (adoption, change) = self.store.durably(|connection| {
            let mut leftovers = Leftovers::new();
            staging::each_replaced(connection, stage, |block| {
                block
                    .transactions
                    .into_iter()
                    .for_each(|payment| leftovers.hold(&payment.clone(), Held::InBlock(payment)));
            })?;
            pool.entries()
                .for_each(|(number, payment)| leftovers.hold(payment.transaction(), Held::InPool(number)));
            if !leftovers.is_empty() {
                staging::each_staged(connection, stage, |block| {
                    block.transactions.iter().for_each(|payment| leftovers.meet(payment));
                })?;
            }
            let change = pool_change(&pool, leftovers.into_rest());
            remove_payments(connection, &change.gone)?;
            change
                .returned
                .iter()
                .try_for_each(|(number, payment)| add_payment(connection, *number, payment))?;
            Ok((staging::replace_blocks(connection, stage)?, change))
        })?;
        let mut view = self.view();
        view.tip = stage.tip;
        view.pool.remove(change.gone);
        change.returned.into_iter().for_each(|(number, payment)| view.pool.restore(number, payment));
        Ok(Some(adoption))
    }
}

/// What stays, leaves and comes back, as far as the pool has room for what comes back.
fn pool_change(pool: &Pool, rest: Vec<Held>) -> PoolChange {
    let (mut stays, mut back) = (HashSet::new(), Vec::new());
    let (mut room, mut lost) = (pool.room(), 0);
    for held in rest {
        match held {
            Held::InPool(number) => drop(stays.insert(number)),
            Held::InBlock(payment) => {
                let bytes = canonical::transaction_text(&payment).len();
                if bytes > room {
                    lost += 1;
                } else {
                    room -= bytes;
                    back.push(VerifiedTransaction::already_verified(payment, None));
                }
            }
        }
    }
    if lost > 0 {
        tracing::warn!(
            "{lost} payments of replaced blocks do not fit the pool and are gone; their senders may send them again"
        );
    }
    let first = pool.front() + 1 - i64::try_from(back.len()).unwrap_or(0);
    PoolChange {
        gone: pool.entries().map(|(number, _)| number).filter(|number| !stays.contains(number)).collect(),
        returned: (first..).zip(back).collect(),
    }
}
