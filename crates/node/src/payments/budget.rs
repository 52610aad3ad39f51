//! A limit on the memory of payments on their way to the pool.

use std::sync::Arc;
use std::time::Duration;

use ledger_core::SignedPayment;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::SubmitError;

/// How long a payment waits for budget, and again for a place in the queue.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of text in all payments that wait for verification or the disk: 32 MiB, about ten thousand ordinary payments.
const BYTES: u32 = 32 << 20;

/// Bounds the bytes of payments waiting for verification or commit.
#[derive(Debug)]
pub(super) struct InFlightBudget(Arc<Semaphore>);

impl InFlightBudget {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(BYTES as usize)))
    }

    /// Takes the bytes that a payment needs. Callers queue in the order of arrival.
    ///
    /// # Errors
    ///
    /// [`SubmitError::Busy`] if no budget frees up within [`PATIENCE`].
    pub(super) async fn take(&self, payment: &SignedPayment) -> Result<OwnedSemaphorePermit, SubmitError> {
        let taken = Arc::clone(&self.0).acquire_many_owned(bytes(payment));
        let taken = timeout(PATIENCE, taken).await.map_err(|_| SubmitError::Busy)?;
        Ok(taken.expect("nobody closes the semaphore"))
    }
}

/// The bytes of a payment's texts, at most the whole budget: a larger payment would wait forever.
fn bytes(payment: &SignedPayment) -> u32 {
    let claim = payment.claim();
    let texts = [payment.text(), payment.signature(), &claim.key, &claim.message];
    let bytes: usize = texts.map(str::len).iter().sum();
    u32::try_from(bytes).map_or(BYTES, |bytes| bytes.min(BYTES))
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use ledger_core::{SignedTransaction, Transaction};

    use super::*;

    fn payment(length: usize) -> SignedPayment {
        let transaction =
            Transaction { amount: 5_u64.into(), recipient: "bob".into(), sender: "a".repeat(length).into() };
        SignedTransaction::new(transaction, "signature".into()).unwrap().into()
    }

    #[test]
    fn payment_takes_the_bytes_of_its_texts() {
        let text = r#"{"amount": 5, "recipient": "bob", "sender": ""}"#.len() + 600;
        let (signature, key, message) = (9, 600, 600 + 3 + 1);
        assert_eq!(bytes(&payment(600)), (text + signature + key + message) as u32);
        assert_eq!(bytes(&payment(40 << 20)), BYTES);
    }

    #[tokio::test(start_paused = true)]
    async fn payment_waits_for_budget_but_not_forever() {
        let budget = InFlightBudget::new();
        let (half, little) = (payment(16 << 20), payment(600));
        let first = budget.take(&half).await.unwrap();
        let mut second = pin!(budget.take(&half));
        let mut context = Context::from_waker(Waker::noop());
        assert!(second.as_mut().poll(&mut context).is_pending(), "it has a few bytes more than half");
        // This one would fit, but must not overtake.
        assert!(matches!(budget.take(&little).await, Err(SubmitError::Busy)));
        drop(first);
        assert!(matches!(second.poll(&mut context), Poll::Ready(Ok(_))));
        assert!(budget.take(&little).await.is_ok());
    }
}
