//! A payment on its way into the pool, and the reply to its sender.

use ledger_core::VerifiedPayment;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{ChangeError, Source};

/// A verified payment for the pool.
#[derive(Debug)]
pub struct Submission {
    /// The payment.
    pub payment: VerifiedPayment,
    /// Where it comes from.
    pub source: Source,
    /// Receives the result.
    pub reply: SubmitReply,
}

/// Sends the result for a payment: the index of the next block, or why the payment is not in the pool.
///
/// Holds the payment's permit from the in-flight budget and returns it when it is sent or dropped.
#[derive(Debug)]
pub struct SubmitReply {
    answer: oneshot::Sender<Result<u64, ChangeError>>,
    _permit: OwnedSemaphorePermit,
}

impl SubmitReply {
    /// A reply that holds a permit.
    pub fn new(answer: oneshot::Sender<Result<u64, ChangeError>>, permit: OwnedSemaphorePermit) -> Self {
        Self { answer, _permit: permit }
    }

    /// Whether the caller has hung up.
    pub fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    /// Sends the result.
    pub fn send(self, outcome: Result<u64, ChangeError>) {
        // The caller may have hung up.
        let _ = self.answer.send(outcome);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    #[test]
    fn reply_knows_whether_its_caller_waits() {
        let (answer, answered) = oneshot::channel();
        let budget = Arc::new(Semaphore::new(1));
        let reply = SubmitReply::new(answer, Arc::clone(&budget).try_acquire_owned().unwrap());
        assert!(!reply.is_abandoned());
        drop(answered);
        assert!(reply.is_abandoned());
        assert_eq!(budget.available_permits(), 0);
        reply.send(Ok(2));
        assert_eq!(budget.available_permits(), 1);
    }
}
