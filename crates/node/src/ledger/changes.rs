//! What the ledger can be asked to change.

use std::sync::Arc;

use ledger_core::{
    Amount, Block, EncodedBlock, NodeAddress, PoolFull, PreviousHash, Timestamp, Tip, Transaction, Verifier,
};
use wallet::VerifyError;

use super::Submission;
use super::writer::{Command, Writer};
use super::{BLOCK_LIMIT, Ledger};
use crate::store::{StoreError, add_peers, remove_payments_up_to, remove_peer, signatures};

/// How many neighbours a node keeps at the most.
pub const MAX_PEERS: usize = 1000;

/// Why a change was not made. Nothing has changed then.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refused {
    /// The pool has no room.
    #[error(transparent)]
    PoolFull(#[from] PoolFull),
    /// The list of neighbours has no room.
    #[error("too many neighbours: at most {MAX_PEERS}, and these would make {0}")]
    TooManyPeers(usize),
    /// The payment's sender is no address, or the signature is not the sender's.
    #[error(transparent)]
    Unverified(#[from] VerifyError),
    /// More payments arrive than signatures can be checked.
    #[error("overloaded: too many payments waiting for verification; retry later")]
    Busy,
    /// The disk failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// A thread of the node failed, which is a fault of ours.
    #[error("a thread of the node failed")]
    Failed,
    /// The node is about to stop.
    #[error("the node is stopping")]
    Stopped,
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

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
    pub miner: String,
    /// The reward.
    pub reward: Amount,
}

impl Ledger {
    /// Puts a payment in the pool. Whoever waits for it learns from the reply what became of it.
    ///
    /// # Errors
    ///
    /// [`Refused::Stopped`] if the writer has gone.
    pub async fn submit(&self, submission: Submission) -> Result<(), Refused> {
        self.commands.send(Command::Submit(vec![submission])).await
    }

    /// Puts payments in the pool, from a thread that may block; waits only while the writer is far behind.
    /// Whoever waits for them learns from their replies what became of them.
    pub fn submit_all(&self, submissions: Vec<Submission>) {
        // A writer that has gone drops the replies, which tells those who wait.
        let _ = self.commands.blocking_send(Command::Submit(submissions));
    }

    /// Makes a block of the payments that wait, in order and up to [`BLOCK_LIMIT`], and the reward, and
    /// appends it; none if the tip has moved since the proof was looked for.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the disk fails.
    pub async fn seal(&self, sealing: Sealing) -> Result<Option<Arc<EncodedBlock>>, Refused> {
        self.ask(move |writer| writer.seal(sealing)).await?
    }

    /// Notes neighbours and answers all of them, sorted.
    ///
    /// # Errors
    ///
    /// [`Refused`] if there are too many or the disk fails.
    pub async fn add_peers(&self, peers: Vec<NodeAddress>) -> Result<Vec<NodeAddress>, Refused> {
        self.ask(move |writer| writer.add_peers(peers)).await?
    }

    /// Removes a neighbour and answers those that are left, sorted; none if it was not known.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the disk fails.
    pub async fn remove_peer(&self, peer: NodeAddress) -> Result<Option<Vec<NodeAddress>>, Refused> {
        self.ask(move |writer| writer.remove_peer(&peer)).await?
    }
}

impl Writer {
    fn seal(&mut self, sealing: Sealing) -> Result<Option<Arc<EncodedBlock>>, Refused> {
        let (tip, payments, waiting) = self.look(|view| {
            let payments = view.pool.up_to(BLOCK_LIMIT);
            let payments: Vec<_> = payments.map(|(number, payment)| (number, Arc::clone(payment))).collect();
            (view.tip, payments, view.pool.len())
        });
        if tip != sealing.after {
            return Ok(None);
        }
        let transactions = payments.iter().map(|(_, payment)| payment.transaction().clone());
        let block = EncodedBlock::new(Block {
            index: tip.index.saturating_add(1),
            previous_hash: PreviousHash::Hash(tip.hash),
            proof: sealing.proof,
            timestamp: sealing.timestamp,
            transactions: transactions.chain([Transaction::reward(sealing.miner, sealing.reward)]).collect(),
        });
        let tip = Verifier::resume(self.rules, tip).push_encoded(&block);
        let tip =
            tip.map_err(|fault| StoreError::Damaged(format!("a block of our own is refused: {fault}")))?;
        self.store.append_and(&block, |connection| {
            let kept = payments.iter().map(|(_, payment)| payment.signature());
            signatures::add(connection, tip.index, kept)?;
            // They are the pool's first ones, if not all.
            let last = payments.last().filter(|_| payments.len() < waiting).map(|(last, _)| *last);
            remove_payments_up_to(connection, last)
        })?;
        let mut view = self.view();
        view.tip = tip;
        view.pool.remove(payments.into_iter().map(|(number, _)| number));
        drop(view);
        Ok(Some(Arc::new(block)))
    }

    fn add_peers(&mut self, peers: Vec<NodeAddress>) -> Result<Vec<NodeAddress>, Refused> {
        let mut all = self.look(|view| view.peers.clone());
        all.extend(peers.iter().cloned());
        if all.len() > MAX_PEERS {
            return Err(Refused::TooManyPeers(all.len()));
        }
        self.store.durably(|connection| add_peers(connection, &peers))?;
        self.view().peers = all.clone();
        Ok(all.into_iter().collect())
    }

    fn remove_peer(&mut self, peer: &NodeAddress) -> Result<Option<Vec<NodeAddress>>, Refused> {
        let mut all = self.look(|view| view.peers.clone());
        if !all.remove(peer) {
            return Ok(None);
        }
        self.store.durably(|connection| remove_peer(connection, peer))?;
        self.view().peers = all.clone();
        Ok(Some(all.into_iter().collect()))
    }
}
