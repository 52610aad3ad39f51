//! Requests to the writer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ledger_core::seam::{AnyDraft, BlockError, CheckedBlock, Successor};
use ledger_core::{Address, NodeAddress, Timestamp};
use tokio::sync::oneshot;
use wallet::PublicKey;

use super::writer::{Command, Writer};
use super::{ChangeError, Extended, Ledger, Submission};
use crate::events::{Change, Origin};

impl Ledger {
    /// Sends a payment to the writer, which adds it to the pool and sends the result to the payment's reply.
    ///
    /// # Errors
    ///
    /// [`ChangeError::Stopped`] if the writer is gone.
    pub async fn submit(&self, submission: Submission) -> Result<(), ChangeError> {
        self.0.commands.send(Command::Submit(vec![submission])).await
    }

    /// Like [`submit`](Self::submit), for many payments, from a thread that may block. Blocks only while the writer's queue
    /// is full.
    pub fn submit_all(&self, submissions: Vec<Submission>) {
        // If the writer is gone, dropping the replies tells the callers.
        let _ = self.0.commands.blocking_send(Command::Submit(submissions));
    }

    /// Drafts the block after our tip, with the reward for `miner`.
    pub fn draft(&self, miner: &Address, now: Timestamp) -> AnyDraft {
        let state = self.view(|view| view.state.clone());
        let waiting = || {
            self.view(|view| {
                view.pool.entries().map(|(number, payment)| (number, Arc::clone(payment))).collect()
            })
        };
        self.rules().draft(&state, &waiting, miner, now)
    }

    /// Completes a draft with its proof and appends the block. Returns `None` if the tip has moved since.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub async fn seal(
        &self,
        draft: AnyDraft,
        proof: u64,
        now: Timestamp,
    ) -> Result<Option<Arc<CheckedBlock<'static>>>, ChangeError> {
        self.ask(move |writer| writer.seal(&draft, proof, now)).await?
    }

    /// Checks one block against our tip, on the caller's thread.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if it is not a block, or may not follow our tip.
    pub fn check_next(&self, json: &[u8], now: Timestamp) -> Result<Successor, BlockError> {
        let state = self.view(|view| view.state.clone());
        self.rules().check_next(&state, json, now)
    }

    /// Appends a block that was checked against our tip.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub async fn extend(&self, next: Successor, origin: Origin) -> Result<Extended, ChangeError> {
        self.ask(move |writer| writer.extend(next, origin)).await?
    }

    /// Registers peers. Returns all known peers, sorted.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if there are too many or the disk fails.
    pub async fn add_peers(&self, peers: Vec<NodeAddress>) -> Result<Vec<NodeAddress>, ChangeError> {
        self.ask(move |writer| writer.add_peers(peers)).await?
    }

    /// Removes a peer. Returns the remaining ones, sorted, or `None` if it was not known.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub async fn remove_peer(&self, peer: NodeAddress) -> Result<Option<Vec<NodeAddress>>, ChangeError> {
        self.ask(move |writer| writer.remove_peer(&peer)).await?
    }

    /// Records the wallet that the node runs with, from a thread that may block.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub fn note_wallet(&self, address: &PublicKey) -> Result<(), ChangeError> {
        let note = |writer: &mut Writer, address: String| writer.store.note_wallet(&address);
        self.wait_for(note, address.to_string())
    }

    /// Refuses all further changes, because stored data is damaged. Never blocks.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
        let publish = |writer: &mut Writer| writer.publish(Change::Closed, |_| ());
        self.0.commands.send_later(Command::Task(Box::new(publish)));
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> T + Send + 'static,
    ) -> Result<T, ChangeError> {
        let (reply, answer) = oneshot::channel();
        let command = Command::task(work, reply);
        self.0.commands.send(command).await?;
        answer.await.map_err(|_| ChangeError::Stopped)
    }

    /// Runs `work` with an argument on the writer thread and waits for its result. Blocks the caller's thread.
    pub(super) fn wait_for<
        Argument: Send + 'static,
        T: Send + 'static,
        E: Into<ChangeError> + Send + 'static,
    >(
        &self,
        work: impl FnOnce(&mut Writer, Argument) -> Result<T, E> + Send + 'static,
        argument: Argument,
    ) -> Result<T, ChangeError> {
        let (reply, answer) = oneshot::channel();
        self.0.commands.blocking_send(Command::task(move |writer| work(writer, argument), reply))?;
        answer.blocking_recv().map_err(|_| ChangeError::Stopped)?.map_err(Into::into)
    }
}
