//! Requests to the writer.

use tokio::sync::oneshot;

use super::Writer;
use crate::ledger::Submission;

/// A request to the writer thread.
pub(in crate::ledger) enum Command {
    /// Add payments to the pool.
    Submit(Vec<Submission>),
    /// Run anything else.
    Task(Box<dyn FnOnce(&mut Writer) + Send>),
}

impl Command {
    /// Work whose result goes to `reply`.
    pub(in crate::ledger) fn task<T: Send + 'static>(
        work: impl FnOnce(&mut Writer) -> T + Send + 'static,
        reply: oneshot::Sender<T>,
    ) -> Self {
        Self::Task(Box::new(move |writer| {
            // The caller may have hung up; make the change anyway.
            let _ = reply.send(work(writer));
        }))
    }
}
