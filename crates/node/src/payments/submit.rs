//! Takes payments into the pool: verifies them and passes them to the writer.

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

#[cfg(test)]
mod tests {
    use ledger_core::{SignedTransaction, Transaction};
    use wallet::{SignatureError, Wallet};

    use super::*;
    use crate::ledger::testing::{ledger, waiting};

    /// A payment to Bob with a signature for this amount.
    fn payment(wallet: &Wallet, amount: u64, signed: u64) -> SignedPayment {
        let transaction = |amount: u64| Transaction {
            amount: amount.into(),
            recipient: "bob".into(),
            sender: wallet.address().to_string().into(),
        };
        let signature = wallet.sign(transaction(signed).message().as_bytes()).unwrap().into_string();
        SignedTransaction::new(transaction(amount), signature).unwrap().into()
    }

    #[tokio::test]
    async fn payment_enters_the_pool_each_time_it_is_sent() {
        let (directory, wallet) = (tempfile::tempdir().unwrap(), Wallet::generate().unwrap());
        let payments = Payments::new(ledger(&directory));
        for sent in 1..=3 {
            let next = payments.submit(payment(&wallet, 5, 5), Source::User).await.unwrap();
            assert_eq!((next, waiting(&payments.ledger).len()), (2, sent));
        }
    }

    #[tokio::test]
    async fn wrong_signature_is_refused_each_time() {
        let (directory, wallet) = (tempfile::tempdir().unwrap(), Wallet::generate().unwrap());
        let payments = Payments::new(ledger(&directory));
        for _ in 0..2 {
            let refused = payments.submit(payment(&wallet, 6, 5), Source::User).await.unwrap_err();
            let SubmitError::Unverified(VerifyError::Signature(SignatureError::Mismatch)) = refused else {
                panic!("{refused}")
            };
        }
        assert!(waiting(&payments.ledger).is_empty());
    }

    #[tokio::test]
    async fn closed_ledger_refuses_payments() {
        let (directory, wallet) = (tempfile::tempdir().unwrap(), Wallet::generate().unwrap());
        let payments = Payments::new(ledger(&directory));
        payments.ledger.close();
        for _ in 0..2 {
            let refused = payments.submit(payment(&wallet, 5, 5), Source::User).await.unwrap_err();
            assert!(refused.to_string().contains("accepts no more changes"), "{refused}");
        }
    }

    #[test]
    fn dropping_payments_ends_the_threads() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let (weak, payments) = (ledger.downgrade(), Payments::new(ledger));
        drop(payments);
        assert!(weak.upgrade().is_none(), "a thread still holds the ledger");
    }
}
