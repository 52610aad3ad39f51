//! What the writer can be asked.

use tokio::sync::oneshot;

use super::Writer;
use crate::ledger::Submission;

/// What the writer is asked.
pub(in crate::ledger) enum Command {
    /// Put payments in the pool.
    Submit(Vec<Submission>),
    /// Anything else.
    Task(Box<dyn FnOnce(&mut Writer) + Send>),
}

impl Command {
    /// A question whose answer goes to `reply`.
    pub(in crate::ledger) fn task<T: Send + 'static>(
        question: impl FnOnce(&mut Writer) -> T + Send + 'static,
        reply: oneshot::Sender<T>,
    ) -> Self {
        Self::Task(Box::new(move |writer| {
            // Whoever asked may have gone; the change is made all the same.
            let _ = reply.send(question(writer));
        }))
    }
}
