//! The threads that check signatures, one for each core, and the queue they share.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, available_parallelism};

use ledger_core::SignedPayment;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::sync::{mpsc, oneshot};

use super::SubmitError;
use super::budget::PATIENCE;
use super::memory::Memory;
use crate::ledger::{ChangeError, Ledger, Source, Submission, SubmitReply};
use crate::system::threads::caught;

/// How many payments may wait for a check before those who bring more have to wait.
const QUEUE: usize = 1024;

/// How many payments a thread takes at a time. More of them share a way to the writer, but the first waits
/// for the last.
const BATCH: usize = 8;

/// A payment whose signature is to be checked.
pub(super) struct Check {
    pub(super) payment: SignedPayment,
    pub(super) reply: SubmitReply,
    /// Where it goes that the signature is wrong, or was not checked; nothing else is answered then.
    pub(super) refusal: oneshot::Sender<SubmitError>,
}

impl Check {
    /// Checks the signature; who waits for a payment that is refused learns it at once.
    fn run(self, memory: &Memory) -> Option<Submission> {
        // The client has gone, and nobody waits for the answer.
        if self.reply.is_abandoned() {
            return None;
        }
        let Self { payment, reply, refusal } = self;
        let verified = caught("verifying a payment", || memory.verify(payment))();
        match verified
            .map_err(|panicked| ChangeError::from(panicked).into())
            .and_then(|verified| Ok(verified?))
        {
            Ok(payment) => Some(Submission { payment, source: Source::User, reply }),
            Err(error) => {
                // Sent before the reply is dropped. Whoever asked may have gone.
                let _ = refusal.send(error);
                None
            }
        }
    }
}

/// The queue, and the threads that work it off. When it is dropped, all that waits is done before it returns.
#[derive(Debug)]
pub(super) struct Threads {
    queue: Option<mpsc::Sender<Check>>,
    threads: Vec<JoinHandle<()>>,
}

impl Threads {
    pub(super) fn start(ledger: &Ledger, memory: &Arc<Memory>) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let start = |number| {
            let (queue, memory, ledger) = (Arc::clone(&queue), Arc::clone(memory), ledger.clone());
            let thread = thread::Builder::new().name(format!("verify-{number}"));
            thread.spawn(move || work(&queue, &memory, &ledger)).expect("the system has room for a thread")
        };
        let threads = (0..available_parallelism().map_or(1, usize::from)).map(start).collect();
        Self { queue: Some(sender), threads }
    }

    /// Puts a payment in the queue.
    ///
    /// # Errors
    ///
    /// [`SubmitError::Busy`] if there is no place for long.
    pub(super) async fn ask(&self, check: Check) -> Result<(), SubmitError> {
        let queue = self.queue.as_ref().expect("the queue is there until the drop");
        queue.send_timeout(check, PATIENCE).await.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => SubmitError::Busy,
            SendTimeoutError::Closed(_) => ChangeError::Stopped.into(),
        })
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Takes payments until nobody can bring more, and passes on those that are right.
fn work(queue: &Mutex<mpsc::Receiver<Check>>, memory: &Memory, ledger: &Ledger) {
    let mut checks = Vec::with_capacity(BATCH);
    while take(queue, &mut checks) {
        let verified: Vec<_> = checks.drain(..).filter_map(|check| check.run(memory)).collect();
        if !verified.is_empty() {
            ledger.submit_all(verified);
        }
    }
}

/// Waits for payments; whether there are any. One thread waits at the queue, the others for their turn.
fn take(queue: &Mutex<mpsc::Receiver<Check>>, checks: &mut Vec<Check>) -> bool {
    queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv_many(checks, BATCH) > 0
}

#[cfg(test)]
mod tests {
    use ledger_core::{SignedTransaction, Transaction};
    use tokio::sync::Semaphore;
    use tokio::sync::oneshot::error::TryRecvError;
    use wallet::VerifyError;

    use super::*;
    use crate::system::threads::testing;

    fn payment() -> SignedPayment {
        let transaction =
            Transaction { amount: 5_u64.into(), recipient: "bob".into(), sender: "alice".into() };
        SignedTransaction::new(transaction, String::new()).unwrap().into()
    }

    fn reply() -> (SubmitReply, oneshot::Receiver<Result<u64, ChangeError>>) {
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let (reply, answer) = oneshot::channel();
        (SubmitReply::new(reply, room), answer)
    }

    #[test]
    fn nothing_is_checked_for_a_client_that_has_gone() {
        let memory = Memory::new();
        let (reply, answer) = reply();
        drop(answer);
        let (refusal, _) = oneshot::channel();
        let check = Check { payment: payment(), reply, refusal };
        assert!(check.run(&memory).is_none());
    }

    #[test]
    fn a_payment_that_is_refused_is_answered_by_the_thread_that_checked_it() {
        let memory = Memory::new();
        let (reply, mut answer) = reply();
        let (refusal, mut refused) = oneshot::channel();
        assert!(Check { payment: payment(), reply, refusal }.run(&memory).is_none());
        assert!(matches!(refused.try_recv(), Ok(SubmitError::Unverified(VerifyError::Address(_)))));
        assert_eq!(answer.try_recv().unwrap_err(), TryRecvError::Closed);
    }

    #[test]
    fn check_that_panics_is_answered_with_the_cause() {
        let (reply, _answer) = reply();
        let (refusal, mut refused) = oneshot::channel();
        testing::let_panic("verifying a payment");
        let check = Check { payment: payment(), reply, refusal };
        assert!(check.run(&Memory::new()).is_none());
        let says = refused.try_recv().unwrap().to_string();
        assert_eq!(says, format!("verifying a payment failed: {}", testing::MESSAGE));
    }
}
