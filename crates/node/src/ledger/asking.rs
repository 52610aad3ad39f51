//! Questions to the writer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ledger_core::{Block, NodeAddress};
use tokio::sync::oneshot;
use wallet::PublicKey;

use super::writer::{Command, Writer};
use super::{ChangeError, Ledger, Sealing, Submission};
use crate::events::Change;

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

    /// Makes a block of the payments that wait, in order and up to [`BLOCK_LIMIT`](super::BLOCK_LIMIT), and the reward, and
    /// appends it; none if the tip has moved since the proof was looked for.
    ///
    /// # Errors
    ///
    /// [`ChangeError`] if the disk fails.
    pub async fn seal(&self, sealing: Sealing) -> Result<Option<Arc<Block<'static>>>, ChangeError> {
        self.ask(move |writer| writer.seal(sealing)).await?
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
