//! A block of ours, made of the pool.

use std::sync::Arc;

use ledger_core::{Address, Amount, Block, Members, PreviousHash, Timestamp, Tip, Transaction, Verifier};

use super::Writer;
use crate::events::{Change, Origin};
use crate::ledger::{BLOCK_LIMIT, ChangeError};
use crate::store::{StoreError, remove_payments_up_to, signatures};

/// What is needed to make a block of the pool.
#[derive(Clone, Debug)]
pub struct Sealing {
    /// The block that the proof follows.
    pub after: Tip,
    /// The proof that was found.
    pub proof: u64,
    /// The block's time.
    pub timestamp: Timestamp,
    /// Who gets the reward.
    pub miner: Address,
    /// The reward.
    pub reward: Amount<'static>,
}

impl Writer {
    pub(in crate::ledger) fn seal(
        &mut self,
        sealing: Sealing,
    ) -> Result<Option<Arc<Block<'static>>>, ChangeError> {
        let (tip, payments, waiting) = self.look(|view| {
            let payments = view.pool.up_to(BLOCK_LIMIT);
            let payments: Vec<_> = payments.map(|(number, payment)| (number, Arc::clone(payment))).collect();
            (view.tip, payments, view.pool.len())
        });
        if tip != sealing.after {
            return Ok(None);
        }
        let transactions = payments.iter().map(|(_, payment)| payment.transaction().clone());
        let block = Block::new(Members {
            index: tip.height.next().get(),
            previous_hash: PreviousHash::Hash(tip.hash),
            proof: sealing.proof,
            timestamp: sealing.timestamp,
            transactions: transactions
                .chain([Transaction::reward(String::from(sealing.miner), sealing.reward)])
                .collect(),
        });
        let tip = Verifier::resume(self.rules, tip).push(&block);
        let tip =
            tip.map_err(|fault| StoreError::damaged(format!("a block of our own is refused: {fault}")))?;
        self.store.append_and(&block, |connection| {
            let kept = payments.iter().map(|(_, payment)| payment.signature());
            signatures::add(connection, tip.height.get(), kept)?;
            // They are the pool's first ones, if not all.
            let last = payments.last().filter(|_| payments.len() < waiting).map(|(last, _)| *last);
            remove_payments_up_to(connection, last)
        })?;
        let change = Change::BlocksConnected {
            before: sealing.after,
            tip,
            count: 1,
            payments: block.transactions.len() as u64,
            bytes: block.text().len() as u64,
            origin: Origin::Mined,
        };
        self.publish(change, |view| {
            view.tip = tip;
            view.pool.remove(payments.into_iter().map(|(number, _)| number));
        });
        Ok(Some(Arc::new(block)))
    }
}
