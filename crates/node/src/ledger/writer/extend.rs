//! A block of ours, made of the pool.

use std::sync::Arc;

use ledger_core::{
    Address, Amount, Block, Members, PaymentNumber, PreviousHash, Timestamp, Tip, Transaction,
    VerifiedPayment, Verifier,
};

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
        let (after, payments, waiting) = self.look(|view| {
            let payments = view.pool.up_to(BLOCK_LIMIT);
            let payments: Vec<_> = payments.map(|(number, payment)| (number, Arc::clone(payment))).collect();
            (view.tip, payments, view.pool.len())
        });
        if after != sealing.after {
            return Ok(None);
        }
        let block = assemble(after, &payments, sealing);
        let tip = Verifier::resume(self.rules, after).push(&block);
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
            before: after,
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

/// A block of waiting payments, and of the reward, which comes last.
fn assemble(
    after: Tip,
    payments: &[(PaymentNumber, Arc<VerifiedPayment>)],
    sealing: Sealing,
) -> Block<'static> {
    let transactions = payments.iter().map(|(_, payment)| as_in_a_block(payment));
    let block = Block::new(Members {
        index: after.height.next().get(),
        previous_hash: PreviousHash::Hash(after.hash),
        proof: sealing.proof,
        timestamp: sealing.timestamp,
        transactions: transactions
            .chain([Transaction::reward(String::from(sealing.miner), sealing.reward)])
            .collect(),
    });
    block.into_owned()
}

fn as_in_a_block(payment: &VerifiedPayment) -> Transaction<'_> {
    let transaction = Transaction::from_json(payment.text().as_bytes());
    transaction.expect("the text of a payment is that of a transaction")
}
