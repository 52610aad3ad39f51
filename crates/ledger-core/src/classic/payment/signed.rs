//! Payments on their way into a block: what is only signed is another type than what was verified.

use super::transaction::{REWARD_SENDER, Transaction};
use crate::amount::AmountError;

/// A user's payment with its signature, which nobody has verified yet.
///
/// # Examples
///
/// ```
/// use ledger_core::{SignedTransaction, Transaction};
///
/// let payment = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
/// let signed = SignedTransaction::new(payment, "c2lnbmF0dXJl".into())?;
/// let verified = signed.verify_with(|sender, message, _signature| {
///     assert_eq!((sender, message), ("alice", b"alicebob5".as_slice()));
///     Ok::<(), std::convert::Infallible>(()) // a real caller asks its cryptography here
/// });
/// assert!(verified.is_ok());
/// # Ok::<(), ledger_core::PaymentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTransaction {
    transaction: Transaction<'static>,
    signature: String,
}

/// Why a user's payment is refused before its signature is looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaymentError {
    /// The amount cannot be paid.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// Nobody signs for the sender of mining rewards.
    #[error(
        "sender \"{REWARD_SENDER}\" stands for the mining reward and cannot pay; give the address of a wallet"
    )]
    RewardSender,
    /// Only a neighbour's chain may have another JSON value here.
    #[error("recipient must be a text")]
    Recipient,
}

impl SignedTransaction {
    /// A payment that may be asked for: its amount is payable, its recipient is a text, and its sender is not the mining
    /// reward's.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] naming the member that is wrong.
    pub fn new(transaction: Transaction<'static>, signature: String) -> Result<Self, PaymentError> {
        transaction.amount.check_payable()?;
        if transaction.recipient.as_text().is_none() {
            return Err(PaymentError::Recipient);
        }
        if transaction.is_reward() {
            return Err(PaymentError::RewardSender);
        }
        Ok(Self { transaction, signature })
    }

    /// The payment.
    #[must_use]
    pub fn transaction(&self) -> &Transaction<'static> {
        &self.transaction
    }

    /// The signature, as it came.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Verifies the signature with `verify`, which is given the sender, the message signed and the signature.
    ///
    /// # Errors
    ///
    /// Whatever `verify` answers.
    pub fn verify_with<E>(
        self,
        verify: impl FnOnce(&str, &[u8], &str) -> Result<(), E>,
    ) -> Result<VerifiedTransaction, E> {
        let message = self.transaction.message();
        verify(&self.transaction.sender, message.as_bytes(), &self.signature)?;
        Ok(VerifiedTransaction { transaction: self.transaction, signature: self.signature })
    }
}

/// A payment whose signature was verified: the only kind that may wait in the [`Pool`](crate::Pool).
///
/// [`SignedTransaction::verify_with`] is the only way to one, so nobody's claim that a payment was verified is taken on
/// trust, a store's neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedTransaction {
    transaction: Transaction<'static>,
    signature: String,
}

impl VerifiedTransaction {
    /// The payment of one of our blocks, whose signature was kept beside it.
    pub(crate) fn of_block(transaction: Transaction<'static>, signature: String) -> Self {
        Self { transaction, signature }
    }

    /// The payment.
    #[must_use]
    pub fn transaction(&self) -> &Transaction<'static> {
        &self.transaction
    }

    /// The signature, as it came.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Takes the payment out.
    #[must_use]
    pub fn into_transaction(self) -> Transaction<'static> {
        self.transaction
    }
}
