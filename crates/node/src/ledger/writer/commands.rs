//! [`Commands`], the handle to the writer thread.

use std::thread::JoinHandle;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::Command;
use crate::ledger::ChangeError;

/// Handle to the writer thread. Dropping it drains the queue, then closes the database.
#[derive(Debug)]
pub(in crate::ledger) struct Commands {
    sender: Option<mpsc::Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Commands {
    /// A handle to the thread that receives from this channel.
    pub(super) fn new(sender: mpsc::Sender<Command>, thread: JoinHandle<()>) -> Self {
        Self { sender: Some(sender), thread: Some(thread) }
    }

    /// Sends a command. Waits while the queue is full.
    pub(in crate::ledger) async fn send(&self, command: Command) -> Result<(), ChangeError> {
        self.sender().send(command).await.map_err(|_| ChangeError::Stopped)
    }

    /// Sends a command from a thread that may block.
    pub(in crate::ledger) fn blocking_send(&self, command: Command) -> Result<(), ChangeError> {
        self.sender().blocking_send(command).map_err(|_| ChangeError::Stopped)
    }

    /// Sends a command without blocking. If the queue is full, a thread waits for a place in it.
    pub(in crate::ledger) fn send_later(&self, command: Command) {
        if let Err(TrySendError::Full(command)) = self.sender().try_send(command) {
            let sender = self.sender().clone();
            std::thread::spawn(move || sender.blocking_send(command));
        }
    }

    fn sender(&self) -> &mpsc::Sender<Command> {
        self.sender.as_ref().expect("the sender is there until the drop")
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
