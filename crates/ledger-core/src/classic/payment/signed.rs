//! A user's payment with its signature, and the rules for it.

use super::transaction::Transaction;
use crate::classic::encode;
use crate::payment::{Claim, Scheme, SignedPayment, VerifiedPayment};
use crate::seam::PaymentError;

/// A user's payment whose signature is not verified yet.
///
/// # Examples
///
/// ```
/// use ledger_core::{SignedTransaction, Transaction};
///
/// let payment = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
/// let signed = SignedTransaction::new(payment, "c2lnbmF0dXJl".into())?;
/// let verified = signed.verify_with(|sender, message, signature| {
///     // A real caller verifies the signature here.
///     let expected = ("alice", b"alicebob5".as_slice(), "c2lnbmF0dXJl");
///     if (sender, message, signature) == expected { Ok(()) } else { Err("wrong signature") }
/// });
/// assert!(verified.is_ok());
/// # Ok::<(), ledger_core::PaymentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTransaction {
    transaction: Transaction<'static>,
    signature: String,
}

impl SignedTransaction {
    /// A payment that a user may make: its amount is payable, its recipient is a text, and its sender is not
    /// [`REWARD_SENDER`](crate::REWARD_SENDER).
    ///
    /// # Errors
    ///
    /// [`PaymentError`] naming the member that is wrong.
    pub fn new(transaction: Transaction<'static>, signature: String) -> Result<Self, PaymentError> {
        transaction.amount.check_payable()?;
        if transaction.recipient.as_text().is_none() {
            return Err(PaymentError::NoText("recipient"));
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

    /// Verifies the signature by calling `verify` with the sender, the signed message and the signature.
    ///
    /// # Errors
    ///
    /// The error of `verify`.
    pub fn verify_with<E>(
        self,
        verify: impl FnOnce(&str, &[u8], &str) -> Result<(), E>,
    ) -> Result<VerifiedPayment, E> {
        SignedPayment::from(self)
            .verify_with(|claim, signature| verify(&claim.key, claim.message.as_bytes(), signature))
    }
}

/// Writes the payment's canonical text and its claim.
impl From<SignedTransaction> for SignedPayment {
    fn from(payment: SignedTransaction) -> Self {
        let SignedTransaction { transaction, signature } = payment;
        let (text, message) = (encode::transaction_text(&transaction), transaction.message());
        // Use the amount as it is signed: the number 5 and the text "5" have the same message, so the same outcome.
        let amount = transaction.amount.to_string();
        let id = Claim::id_of([&transaction.sender, transaction.recipient.as_str(), &amount, &signature]);
        let key = transaction.sender.into_owned();
        let claim = Claim { key: key.into(), message: message.into(), scheme: Scheme::Md5, id };
        Self::new(text, signature, claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(amount: &str, recipient: &str, signature: &str) -> SignedPayment {
        let amount = crate::Amount::from_json(amount).unwrap();
        let transaction = Transaction { amount, recipient: recipient.into(), sender: "alice".into() };
        SignedTransaction::new(transaction, signature.into()).unwrap().into()
    }

    #[test]
    fn payment_has_canonical_text_and_signed_message() {
        let payment = payment("5.0", "Zoë", "s");
        assert_eq!(payment.text(), r#"{"amount": 5.0, "recipient": "Zo\u00eb", "sender": "alice"}"#);
        assert_eq!((&*payment.claim().key, &*payment.claim().message), ("alice", "aliceZoë5.0"));
        assert_eq!(payment.signature(), "s");
    }

    #[test]
    fn claim_id_depends_on_where_parts_end() {
        let id = |amount, recipient, signature| payment(amount, recipient, signature).claim().id;
        assert_ne!(id("\"00.1\"", "bob1", "s"), id("\"100.1\"", "bob", "s"));
        assert_ne!(id("\"1\"", "bob", "1s"), id("\"11\"", "bob", "s"));
        assert_ne!(id("\"1\"", "bob", "s"), id("\"1\"", "bob", "s "));
        assert_eq!(id("\"1\"", "bob", "s"), id("\"1\"", "bob", "s"));
    }

    #[test]
    fn number_and_equal_text_share_a_claim_but_no_text() {
        let (number, text) = (payment("5", "bob", "s"), payment("\"5\"", "bob", "s"));
        assert_eq!(number.claim(), text.claim());
        assert_ne!(number.text(), text.text());
    }
}
