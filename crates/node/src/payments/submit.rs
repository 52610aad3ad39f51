//! The way of a payment into the pool.

use std::sync::Arc;

use ledger_core::SignedPayment;
use tokio::sync::oneshot;
use wallet::VerifyError;

use super::SubmitError;
use super::budget::InFlightBudget;
use super::memory::Memory;
use super::threads::{Threads, Verification};
use crate::ledger::{ChangeError, Ledger, Source, Submission, SubmitReply};

/// Verifies payments and passes them to the writer.
#[derive(Debug)]
pub struct Payments {
    ledger: Ledger,
    memory: Arc<Memory>,
    budget: InFlightBudget,
    threads: Threads,
}

impl Payments {
    /// Starts the threads, one per core. Dropping this value drains the queue and ends them.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        let memory = Arc::new(Memory::new());
        Self { threads: Threads::start(&ledger, &memory), budget: InFlightBudget::new(), ledger, memory }
    }

    /// Verifies a payment and adds it to the pool. Returns the index of the next block.
    ///
    /// The same payment may be submitted again: the protocol does not prevent replays.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] if the signature is not the sender's, too many payments are on their way, the pool is full or the
    /// disk fails.
    pub async fn submit(&self, payment: SignedPayment, source: Source) -> Result<u64, SubmitError> {
        let known = self.memory.outcome(&payment).transpose().map_err(VerifyError::from)?;
        let permit = self.budget.take(&payment).await?;
        let (reply, answer) = oneshot::channel();
        let reply = SubmitReply::new(reply, permit);
        let (refusal, mut refused) = oneshot::channel();
        let verified = match known {
            Some(witness) => payment.remembered(&witness),
            None => Err(payment),
        };
        match verified {
            Ok(payment) => {
                self.ledger.submit(Submission { payment, source, reply }).await?;
            }
            Err(payment) => self.threads.enqueue(Verification { payment, source, reply, refusal }).await?,
        }
        match answer.await {
            Ok(outcome) => Ok(outcome?),
            // No answer: the signature is wrong, its verification failed, or the writer is gone.
            Err(_) => Err(refused.try_recv().unwrap_or_else(|_| ChangeError::Stopped.into())),
        }
    }
}
