//! Payments on their way to the writer: their signatures are checked here, away from the threads that answer requests.
//!
//! What was checked before is not checked again: an outcome is remembered, and the keys of recent senders are kept as
//! they were read. Both memories are bounded. All else waits in a bounded queue for a thread for each core, and goes on
//! to the writer together with what was checked at the same time.
//!
//! - `memory`: outcomes and keys
//! - `threads`: the queue and those who work it off

mod memory;
mod threads;

use std::sync::Arc;

use ledger_core::{SignedTransaction, VerifiedTransaction};
use tokio::sync::oneshot;

use crate::ledger::{Ledger, Refused};
use memory::{Memory, Question};
use threads::{Check, Threads};

/// Where payments are verified and handed on.
#[derive(Debug)]
pub struct Payments {
    ledger: Ledger,
    memory: Arc<Memory>,
    threads: Threads,
}

impl Payments {
    /// Starts the threads, one for each core. They end with this value, when all that waits is done.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        let memory = Arc::new(Memory::new());
        Self { threads: Threads::start(&ledger, &memory), ledger, memory }
    }

    /// Verifies a payment, puts it in the pool and answers the index of the block that will hold it.
    ///
    /// The same payment may come again and is taken again: the protocol has no guard against that.
    ///
    /// # Errors
    ///
    /// [`Refused::Unverified`] if the signature is not the sender's, [`Refused::Busy`] if too many payments wait to be
    /// verified; else what [`Ledger::submit`] answers.
    pub async fn submit(&self, payment: SignedTransaction) -> Result<u64, Refused> {
        let question = Question::of(&payment);
        match self.memory.answer(&question) {
            Some(Ok(())) => self.ledger.submit(known(payment)).await,
            Some(Err(error)) => Err(Refused::Unverified(error.into())),
            None => self.check(payment, question).await,
        }
    }

    async fn check(&self, payment: SignedTransaction, question: Question) -> Result<u64, Refused> {
        let (reply, answer) = oneshot::channel();
        self.threads.ask(Check { payment, question, reply }).await?;
        answer.await.map_err(|_| Refused::Failed)?
    }
}

/// A payment whose signature is known to be right.
fn known(payment: SignedTransaction) -> VerifiedTransaction {
    let Ok(verified) = payment.verify_with(|_, _, _| Ok::<(), std::convert::Infallible>(()));
    verified
}
