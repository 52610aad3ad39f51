//! From a payment of a user to its place in the pool.

use std::sync::Arc;

use ledger_core::SignedPayment;
use tokio::sync::oneshot;
use wallet::VerifyError;

use super::SubmitError;
use super::budget::InFlightBudget;
use super::memory::Memory;
use super::threads::{Check, Threads};
use crate::ledger::{ChangeError, Ledger, Source, Submission, SubmitReply};

/// Where payments are verified and handed on.
#[derive(Debug)]
pub struct Payments {
    ledger: Ledger,
    memory: Arc<Memory>,
    budget: InFlightBudget,
    threads: Threads,
}

impl Payments {
    /// Starts the threads, one for each core. They end with this value, when all that waits is done.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        let memory = Arc::new(Memory::new());
        Self { threads: Threads::start(&ledger, &memory), budget: InFlightBudget::new(), ledger, memory }
    }

    /// Verifies a payment, puts it in the pool and answers the index of the block that will hold it.
    ///
    /// The same payment may come again and is taken again: the protocol has no guard against that.
    ///
    /// # Errors
    ///
    /// [`SubmitError`] if the signature is not the sender's, too many payments are on their way, the pool has no room or
    /// the disk fails.
    pub async fn submit(&self, payment: SignedPayment) -> Result<u64, SubmitError> {
        let known = self.memory.outcome(&payment).transpose().map_err(VerifyError::from)?;
        let room = self.budget.take(&payment).await?;
        let (reply, answer) = oneshot::channel();
        let reply = SubmitReply::new(reply, room);
        let (refusal, mut refused) = oneshot::channel();
        let verified = match known {
            Some(witness) => payment.remembered(&witness),
            None => Err(payment),
        };
        match verified {
            Ok(payment) => {
                self.ledger.submit(Submission { payment, source: Source::User, reply }).await?;
            }
            Err(payment) => self.threads.ask(Check { payment, reply, refusal }).await?,
        }
        match answer.await {
            Ok(outcome) => Ok(outcome?),
            // Without an answer the signature is wrong, its check has failed, or the writer has gone.
            Err(_) => Err(refused.try_recv().unwrap_or_else(|_| ChangeError::Stopped.into())),
        }
    }
}
