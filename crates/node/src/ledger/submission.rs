//! A payment on its way into the pool, and who waits for it to be there.

use ledger_core::VerifiedPayment;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{ChangeError, Source};

/// A payment that was verified, and who waits for it to be in the pool.
#[derive(Debug)]
pub struct Submission {
    /// The payment.
    pub payment: VerifiedPayment,
    /// Where it comes from.
    pub source: Source,
    /// Where the answer goes.
    pub reply: SubmitReply,
}

/// Where the answer to a payment goes: the index of the block that will hold it, or why it is not in the pool.
///
/// It holds the room in memory that the payment takes on its way, which is given back with the answer, or when nobody
/// can answer any more.
#[derive(Debug)]
pub struct SubmitReply {
    answer: oneshot::Sender<Result<u64, ChangeError>>,
    _room: OwnedSemaphorePermit,
}

impl SubmitReply {
    /// A reply to whoever waits for the answer.
    pub fn new(answer: oneshot::Sender<Result<u64, ChangeError>>, room: OwnedSemaphorePermit) -> Self {
        Self { answer, _room: room }
    }

    /// Whether nobody waits any more.
    pub fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    /// Answers.
    pub fn send(self, outcome: Result<u64, ChangeError>) {
        // Whoever asked may have gone.
        let _ = self.answer.send(outcome);
    }
}
