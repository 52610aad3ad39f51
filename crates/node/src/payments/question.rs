//! What is asked of the cryptography.

use ledger_core::SignedTransaction;
use sha2::{Digest, Sha256};

/// What is asked of the cryptography, in 32 bytes: the SHA-256 of sender, recipient, amount and signature,
/// each with its length before it, so that different payments have different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question(pub(super) [u8; 32]);

impl Question {
    pub(super) fn of(payment: &SignedTransaction) -> Self {
        let amount = payment.transaction().amount.to_string();
        let mut hasher = Sha256::new();
        for part in texts(payment, &amount) {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }
}

/// All that a payment says, given its amount as text.
pub(super) fn texts<'a>(payment: &'a SignedTransaction, amount: &'a str) -> [&'a str; 4] {
    let transaction = payment.transaction();
    [&transaction.sender, transaction.recipient.as_str(), amount, payment.signature()]
}
