//! From a payment of a user to its place in the pool.

use std::sync::Arc;

use ledger_core::{SignedTransaction, VerifiedTransaction};
use tokio::sync::oneshot;

use super::budget::Room;
use super::memory::Memory;
use super::question::Question;
use super::threads::{Check, Threads};
use crate::ledger::{Ledger, Refused, Submission, SubmitReply};

/// Where payments are verified and handed on.
#[derive(Debug)]
pub struct Payments {
    ledger: Ledger,
    memory: Arc<Memory>,
    room: Room,
    threads: Threads,
}

impl Payments {
    /// Starts the threads, one for each core. They end with this value, when all that waits is done.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        let memory = Arc::new(Memory::new());
        Self { threads: Threads::start(&ledger, &memory), room: Room::new(), ledger, memory }
    }

    /// Verifies a payment, puts it in the pool and answers the index of the block that will hold it.
    ///
    /// The same payment may come again and is taken again: the protocol has no guard against that.
    ///
    /// # Errors
    ///
    /// [`Refused::Unverified`] if the signature is not the sender's, [`Refused::Busy`] if too many payments
    /// are on their way, and [`Refused`] if the pool has no room or the disk fails.
    pub async fn submit(&self, payment: SignedTransaction) -> Result<u64, Refused> {
        let question = Question::of(&payment);
        let known =
            self.memory.answer(&question).transpose().map_err(|error| Refused::Unverified(error.into()))?;
        let room = self.room.take(&payment).await?;
        let (reply, answer) = oneshot::channel();
        let reply = SubmitReply::new(reply, room);
        match known {
            Some(()) => self.ledger.submit(Submission { payment: verified(payment), reply }).await?,
            None => self.threads.ask(Check { payment, question, reply }).await?,
        }
        answer.await.map_err(|_| Refused::Failed)?
    }
}

/// A payment whose signature is known to be right.
fn verified(payment: SignedTransaction) -> VerifiedTransaction {
    let Ok(verified) = payment.verify_with(|_, _, _| Ok::<(), std::convert::Infallible>(()));
    verified
}
