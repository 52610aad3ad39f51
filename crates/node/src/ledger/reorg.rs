//! The moment a staged chain becomes ours: blocks and pool change together, and no payment is lost or doubled.

use std::collections::HashSet;

use ledger_core::fork::{self, Leftovers};
use ledger_core::{Pool, VerifiedTransaction, canonical};
use rusqlite::Connection;

use super::Refused;
use super::writer::Writer;
use crate::store::{Adoption, Stage, StoreError, add_payment, remove_payments, staging};

/// Where a payment is that a new chain may lack: its number in the pool, or its block and place there.
enum Held {
    InPool(i64),
    InBlock(u64, usize),
}

/// What a reorg does to the pool.
#[derive(Default)]
struct PoolChange {
    gone: Vec<i64>,
    returned: Vec<(i64, VerifiedTransaction)>,
}

impl Writer {
    /// Replaces our chain by a staged one; none if that is not longer than ours by now, or ours is another by now.
    pub(super) fn adopt(&mut self, stage: &Stage) -> Result<Option<Adoption>, Refused> {
        let (ours, pool) = self.look(|view| (view.tip.index, view.pool.clone()));
        if !fork::replaces(stage.tip.index, ours) {
            return Ok(None);
        }
        let adopted = self.store.durably(|connection| {
            if !staging::still_fits(connection, stage)? {
                return Ok(None);
            }
            let change = pool_change(connection, stage, &pool)?;
            remove_payments(connection, &change.gone)?;
            change
                .returned
                .iter()
                .try_for_each(|(number, payment)| add_payment(connection, *number, payment))?;
            Ok(Some((staging::replace_blocks(connection, stage)?, change)))
        })?;
        let Some((adoption, change)) = adopted else { return Ok(None) };
        let mut view = self.view();
        view.tip = stage.tip;
        view.pool.remove(change.gone);
        change.returned.into_iter().for_each(|(number, payment)| view.pool.restore(number, payment));
        Ok(Some(adoption))
    }
}

/// Finds what leaves the pool, since the new chain holds it, and what comes back, since it lacks it.
fn pool_change(connection: &Connection, stage: &Stage, pool: &Pool) -> Result<PoolChange, StoreError> {
    let (mut stays, mut comes_back) = (HashSet::new(), HashSet::new());
    for held in lacking(connection, stage, pool)? {
        match held {
            Held::InPool(number) => drop(stays.insert(number)),
            Held::InBlock(height, position) => drop(comes_back.insert((height, position))),
        }
    }
    let (mut gone, mut room) = (Vec::new(), pool.limit());
    for (number, payment) in pool.entries() {
        if stays.contains(&number) {
            room = room.saturating_sub(canonical::transaction_length(payment.transaction()));
        } else {
            gone.push(number);
        }
    }
    let back = read_back(connection, stage, &comes_back, room)?;
    let first = pool.front() + 1 - i64::try_from(back.len()).unwrap_or(0);
    Ok(PoolChange { gone, returned: (first..).zip(back).collect() })
}

/// Where the payments are that the new chain lacks, in order. Takes some hundred bytes for each payment of our replaced
/// blocks, not the payments themselves.
fn lacking(connection: &Connection, stage: &Stage, pool: &Pool) -> Result<Vec<Held>, StoreError> {
    let mut leftovers = Leftovers::new();
    staging::each_replaced(connection, stage, |block| {
        for (position, payment) in block.transactions.iter().enumerate() {
            leftovers.hold(payment, Held::InBlock(block.index, position));
        }
    })?;
    pool.entries().for_each(|(number, payment)| leftovers.hold(payment.transaction(), Held::InPool(number)));
    if !leftovers.is_empty() {
        staging::each_staged(connection, stage, |block| {
            block.transactions.iter().for_each(|payment| leftovers.meet(payment));
        })?;
    }
    Ok(leftovers.into_rest())
}

/// Reads the payments that come back, in order, as far as there is room for them.
fn read_back(
    connection: &Connection,
    stage: &Stage,
    places: &HashSet<(u64, usize)>,
    mut room: usize,
) -> Result<Vec<VerifiedTransaction>, StoreError> {
    let (mut back, mut lost) = (Vec::new(), 0_u64);
    if places.is_empty() {
        return Ok(back);
    }
    staging::each_replaced(connection, stage, |block| {
        for (position, payment) in block.transactions.into_iter().enumerate() {
            let bytes = canonical::transaction_length(&payment);
            if !places.contains(&(block.index, position)) {
                continue;
            }
            if bytes > room {
                lost += 1;
                continue;
            }
            room -= bytes;
            back.push(VerifiedTransaction::already_verified(payment, None));
        }
    })?;
    if lost > 0 {
        tracing::warn!(
            "payments of replaced blocks that do not fit the pool and are gone: {lost}; their senders may send them again"
        );
    }
    Ok(back)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ledger_core::{
        Block, BlockHash, Difficulty, EncodedBlock, PreviousHash, Rules, Search, Tip, Transaction,
    };

    use super::super::{Ledger, StageWriter, now};
    use crate::store::Place;

    fn ledger(directory: &tempfile::TempDir) -> Ledger {
        Ledger::open(Place::take(directory.path()).unwrap(), rules()).unwrap()
    }

    fn rules() -> Rules {
        Rules::classic(Difficulty::new(1).unwrap())
    }

    fn next(tip: Tip, miner: &str) -> EncodedBlock {
        let search = tip.puzzle(rules()).search(0..u64::MAX, |_| ControlFlow::Continue(()));
        let Search::Found(proof) = search else { panic!("no proof") };
        EncodedBlock::new(Block {
            index: tip.index + 1,
            previous_hash: PreviousHash::Hash(tip.hash),
            proof,
            timestamp: now(),
            transactions: vec![Transaction::reward(miner, 1_u64)],
        })
    }

    /// Stages so many blocks after one of ours.
    fn staged(ledger: &Ledger, after: Tip, blocks: u64, miner: &str) -> (StageWriter, (u64, BlockHash), Tip) {
        let mut stage = StageWriter::new(ledger).unwrap();
        let mut tip = after;
        for _ in 0..blocks {
            let block = next(tip, miner);
            tip = Tip::of(&block);
            stage.append(&(&block).into()).unwrap();
        }
        (stage, (after.index, after.hash), tip)
    }

    #[test]
    fn a_chain_that_builds_on_blocks_replaced_meanwhile_is_not_adopted() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let genesis = ledger.tip();
        let (stage, fork, ours) = staged(&ledger, genesis, 3, "us");
        assert_eq!(stage.adopt(Some(fork), ours).unwrap().unwrap().adopted, 3);

        let (first, first_fork, first_tip) = staged(&ledger, genesis, 5, "first");
        let (second, second_fork, second_tip) = staged(&ledger, ours, 9, "second");
        assert_eq!(first.adopt(Some(first_fork), first_tip).unwrap().unwrap().replaced, 3);
        assert_eq!(second.adopt(Some(second_fork), second_tip).unwrap(), None);
        assert_eq!(ledger.tip(), first_tip);
        drop(ledger);
        assert_eq!(
            self::ledger(&directory).tip(),
            first_tip,
            "the chain is still valid when it is opened again"
        );
    }
}
