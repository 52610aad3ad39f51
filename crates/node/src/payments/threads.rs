//! The threads that verify signatures, one per core, and their queue.

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

/// Payments that may wait for verification.
const QUEUE: usize = 1024;

/// Payments that a thread takes at a time. A larger batch means fewer messages to the writer, but the first payment waits
/// for the last.
const BATCH: usize = 8;

/// A payment that waits for verification.
pub(super) struct Verification {
    pub(super) payment: SignedPayment,
    pub(super) source: Source,
    pub(super) reply: SubmitReply,
    /// Receives the error if the payment is refused. `reply` is dropped then.
    pub(super) refusal: oneshot::Sender<SubmitError>,
}

impl Verification {
    /// Verifies the signature. Reports a refusal at once.
    fn run(self, memory: &Memory) -> Option<Submission> {
        // The client has hung up: save the work.
        if self.reply.is_abandoned() {
            return None;
        }
        let Self { payment, source, reply, refusal } = self;
        let verified = caught("verifying a payment", || memory.verify(payment))();
        match verified
            .map_err(|panicked| ChangeError::from(panicked).into())
            .and_then(|verified| Ok(verified?))
        {
            Ok(payment) => Some(Submission { payment, source, reply }),
            Err(error) => {
                // Send it before `reply` is dropped, which wakes the caller. The caller may have hung up.
                let _ = refusal.send(error);
                None
            }
        }
    }
}

/// The queue and its threads. Dropping it drains the queue and waits for the threads.
#[derive(Debug)]
pub(super) struct Threads {
    queue: Option<mpsc::Sender<Verification>>,
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
    /// [`SubmitError::Busy`] if the queue stays full for [`PATIENCE`].
    pub(super) async fn enqueue(&self, verification: Verification) -> Result<(), SubmitError> {
        let queue = self.queue.as_ref().expect("the queue is there until the drop");
        queue.send_timeout(verification, PATIENCE).await.map_err(|error| match error {
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

/// Verifies payments until the queue is closed, and passes the valid ones to the writer.
fn work(queue: &Mutex<mpsc::Receiver<Verification>>, memory: &Memory, ledger: &Ledger) {
    let mut queued = Vec::with_capacity(BATCH);
    while take(queue, &mut queued) {
        let verified: Vec<_> = queued.drain(..).filter_map(|verification| verification.run(memory)).collect();
        if !verified.is_empty() {
            ledger.submit_all(verified);
        }
    }
}

/// Waits for payments. Returns false when the queue is closed. One thread waits for the queue, the others for the lock.
fn take(queue: &Mutex<mpsc::Receiver<Verification>>, queued: &mut Vec<Verification>) -> bool {
    queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv_many(queued, BATCH) > 0
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
        let permit = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let (reply, answer) = oneshot::channel();
        (SubmitReply::new(reply, permit), answer)
    }

    #[test]
    fn payment_of_a_gone_client_is_not_verified() {
        let memory = Memory::new();
        let (reply, answer) = reply();
        drop(answer);
        let (refusal, _) = oneshot::channel();
        let verification = Verification { payment: payment(), source: Source::User, reply, refusal };
        assert!(verification.run(&memory).is_none());
    }

    #[test]
    fn refused_payment_is_answered_by_its_thread() {
        let memory = Memory::new();
        let (reply, mut answer) = reply();
        let (refusal, mut refused) = oneshot::channel();
        assert!(
            Verification { payment: payment(), source: Source::User, reply, refusal }.run(&memory).is_none()
        );
        assert!(matches!(refused.try_recv(), Ok(SubmitError::Unverified(VerifyError::Address(_)))));
        assert_eq!(answer.try_recv().unwrap_err(), TryRecvError::Closed);
    }

    #[test]
    fn panic_is_answered_with_its_cause() {
        let (reply, _answer) = reply();
        let (refusal, mut refused) = oneshot::channel();
        testing::let_panic("verifying a payment");
        let verification = Verification { payment: payment(), source: Source::User, reply, refusal };
        assert!(verification.run(&Memory::new()).is_none());
        let says = refused.try_recv().unwrap().to_string();
        assert_eq!(says, format!("verifying a payment failed: {}", testing::MESSAGE));
    }

    #[tokio::test(start_paused = true)]
    async fn payment_waits_for_the_queue_but_not_forever() {
        let (sender, queue) = mpsc::channel(1);
        let threads = Threads { queue: Some(sender), threads: Vec::new() };
        let verification = || {
            let ((reply, _), (refusal, _)) = (reply(), oneshot::channel());
            Verification { payment: payment(), source: Source::User, reply, refusal }
        };
        threads.enqueue(verification()).await.unwrap();
        assert!(matches!(threads.enqueue(verification()).await, Err(SubmitError::Busy)));
        drop(queue);
        let stopped = threads.enqueue(verification()).await.unwrap_err();
        assert!(matches!(stopped, SubmitError::Change(ChangeError::Stopped)));
    }
}
