//! Questions to the writer.

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
    /// Puts a payment in the pool. Whoever waits for it learns from the reply what became of it.
    ///
    /// # Errors
    ///
    /// [`ChangeError::Stopped`] if the writer has gone.
    pub async fn submit(&self, submission: Submission) -> Result<(), ChangeError> {
        self.0.commands.send(Command::Submit(vec![submission])).await
    }

    /// Puts payments in the pool, from a thread that may block; waits only while the writer is far behind.
    /// Whoever waits for them learns from their replies what became of them.
    pub fn submit_all(&self, submissions: Vec<Submission>) {
        // A writer that has gone drops the replies, which tells those who wait.
        let _ = self.0.commands.blocking_send(Command::Submit(submissions));
    }

    /// Drafts the block after our tip, which pays a miner.
    pub fn draft(&self, miner: &Address, now: Timestamp) -> AnyDraft {
        let state = self.view(|view| view.state.clone());
        let waiting = || {
            self.view(|view| {
                view.pool.entries().map(|(number, payment)| (number, Arc::clone(payment))).collect()
            })
        };
        self.rules().draft(&state, &waiting, miner, now)
    }

    /// Makes the block of a draft and its proof, and appends it; none if the tip has moved since.
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
    /// [`BlockError`] if it is no block, or may not follow our tip.
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

    /// Notes neighbours and answers all of them, sorted.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if there are too many or the disk fails.
    pub async fn add_peers(&self, peers: Vec<NodeAddress>) -> Result<Vec<NodeAddress>, ChangeError> {
        self.ask(move |writer| writer.add_peers(peers)).await?
    }

    /// Removes a neighbour and answers those that are left, sorted; none if it was not known.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub async fn remove_peer(&self, peer: NodeAddress) -> Result<Option<Vec<NodeAddress>>, ChangeError> {
        self.ask(move |writer| writer.remove_peer(&peer)).await?
    }

    /// Notes the wallet that the node runs with, from a thread that may block.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub fn note_wallet(&self, address: &PublicKey) -> Result<(), ChangeError> {
        let note = |writer: &mut Writer, address: String| writer.store.note_wallet(&address);
        self.wait_for(note, address.to_string())
    }

    /// Takes no more changes, since what is stored is not what was written. From anywhere.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
        let tell = |writer: &mut Writer| writer.publish(Change::Closed, |_| ());
        self.0.commands.send_later(Command::Task(Box::new(tell)));
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Writer) -> T + Send + 'static,
    ) -> Result<T, ChangeError> {
        let (reply, answer) = oneshot::channel();
        let command = Command::task(question, reply);
        self.0.commands.send(command).await?;
        answer.await.map_err(|_| ChangeError::Stopped)
    }

    /// Asks the writer about something, from a thread that may block.
    pub(super) fn wait_for<
        About: Send + 'static,
        T: Send + 'static,
        E: Into<ChangeError> + Send + 'static,
    >(
        &self,
        question: impl FnOnce(&mut Writer, About) -> Result<T, E> + Send + 'static,
        about: About,
    ) -> Result<T, ChangeError> {
        let (reply, answer) = oneshot::channel();
        self.0.commands.blocking_send(Command::task(move |writer| question(writer, about), reply))?;
        answer.blocking_recv().map_err(|_| ChangeError::Stopped)?.map_err(Into::into)
    }
}
