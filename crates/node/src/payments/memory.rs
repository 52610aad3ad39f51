//! Remembers outcomes of verifications and keys, both bounded.

use std::sync::Arc;

use ledger_core::{Claim, Scheme, SignedPayment, VerifiedPayment, Witness};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use wallet::{PublicKey, SignatureError, VerifyError};

/// Outcomes remembered: a few megabytes.
const OUTCOMES: usize = 65_536;

/// Bytes of memory for keys, approximately: a few thousand ordinary keys.
const KEYS: u64 = 16 << 20;

/// Bytes of memory per byte of a key's text: the text twice, the modulus and values computed from it.
const KEY_FACTOR: u64 = 6;

/// Recent outcomes, and the keys of recent senders.
///
/// Both caches evict entries that were used once before those used often, so a flood of new senders does not displace
/// frequent ones. Cheap failures are not remembered: a sender that is not an address, a signature of a wrong length or out
/// of the key's range.
#[derive(Debug)]
pub(super) struct Memory {
    /// Keyed by the id of a claim.
    outcomes: Cache<[u8; 32], Result<Witness, SignatureError>>,
    keys: Cache<Box<str>, Arc<PublicKey>, KeyWeight>,
}

#[derive(Clone, Debug)]
struct KeyWeight;

impl Weighter<Box<str>, Arc<PublicKey>> for KeyWeight {
    fn weight(&self, text: &Box<str>, _: &Arc<PublicKey>) -> u64 {
        text.len() as u64 * KEY_FACTOR
    }
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { outcomes: Cache::new(OUTCOMES), keys: Cache::with_weighter(4_096, KEYS, KeyWeight) }
    }

    /// The outcome of verifying this payment, if it is remembered.
    pub(super) fn outcome(&self, payment: &SignedPayment) -> Option<Result<Witness, SignatureError>> {
        self.outcomes.get(&payment.claim().id)
    }

    /// Verifies a payment and remembers the outcome.
    pub(super) fn verify(&self, payment: SignedPayment) -> Result<VerifiedPayment, VerifyError> {
        let id = payment.claim().id;
        let outcome = payment.verify_with(|claim, signature| self.check(claim, signature));
        match &outcome {
            Ok(verified) => self.outcomes.insert(id, Ok(verified.witness())),
            Err(VerifyError::Signature(SignatureError::Mismatch)) => {
                self.outcomes.insert(id, Err(SignatureError::Mismatch));
            }
            Err(_) => {}
        }
        outcome
    }

    /// Checks a signature with the sender's key. Parses the key unless it is remembered.
    fn check(&self, claim: &Claim, signature: &str) -> Result<(), VerifyError> {
        let Scheme::Md5 = claim.scheme;
        let kept = self.keys.get(&*claim.key);
        let is_new = kept.is_none();
        let key = kept.map_or_else(|| PublicKey::parse(&claim.key).map(Arc::new), Ok)?;
        key.verify(claim.message.as_bytes(), signature)?;
        // Remember a key only after a valid signature: strangers cannot fill the cache for free.
        if is_new {
            self.keys.insert(claim.key.clone(), key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use ledger_core::{SignedTransaction, Transaction};
    use wallet::Wallet;

    use super::*;

    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());

    fn payment(recipient: &str, amount: &str, signature: &str) -> SignedPayment {
        let transaction = Transaction {
            amount: amount.into(),
            recipient: recipient.into(),
            sender: ALICE.address().to_string().into(),
        };
        SignedTransaction::new(transaction, signature.into()).unwrap().into()
    }

    fn signed(recipient: &str, amount: &str) -> SignedPayment {
        let unsigned = payment(recipient, amount, "");
        payment(recipient, amount, ALICE.sign(unsigned.claim().message.as_bytes()).unwrap().as_str())
    }

    /// Verifies a payment. Returns the outcome that is then remembered.
    fn remembered(memory: &Memory, payment: SignedPayment) -> Option<Result<Witness, SignatureError>> {
        let _ = memory.verify(payment.clone());
        memory.outcome(&payment)
    }

    #[test]
    fn valid_and_invalid_signatures_are_remembered() {
        let memory = Memory::new();
        assert_eq!(memory.outcome(&signed("bob", "5")), None);
        let witness = remembered(&memory, signed("bob", "5")).unwrap().unwrap();
        assert!(signed("bob", "5").remembered(&witness).is_ok());
        let wrong = payment("bob", "6", signed("bob", "5").signature());
        assert_eq!(remembered(&memory, wrong), Some(Err(SignatureError::Mismatch)));
    }

    #[test]
    fn cheap_failures_are_not_remembered() {
        let memory = Memory::new();
        let (too_long, over_the_modulus) = ("A".repeat(344), "/".repeat(341) + "w==");
        for signature in ["c2hvcnQ=", &"!".repeat(344), &too_long, &over_the_modulus] {
            assert_eq!(remembered(&memory, payment("bob", "5", signature)), None, "{signature}");
        }
        assert_eq!(memory.outcomes.len(), 0);
    }

    #[test]
    fn number_and_equal_text_share_an_outcome() {
        let memory = Memory::new();
        let text = signed("bob", "5");
        let mut number: Transaction<'_> = text.text().parse().unwrap();
        number.amount = 5_u64.into();
        let number = SignedTransaction::new(number, text.signature().into()).unwrap().into();
        memory.verify(text).unwrap();
        let witness = memory.outcome(&number).unwrap().unwrap();
        let remembered = number.remembered(&witness).unwrap();
        assert!(remembered.text().starts_with(r#"{"amount": 5, "#), "{}", remembered.text());
    }

    #[test]
    fn key_is_remembered_after_a_valid_signature() {
        let memory = Memory::new();
        let sender = ALICE.address().as_str();
        remembered(&memory, payment("bob", "6", signed("bob", "5").signature()));
        assert!(memory.keys.get(sender).is_none());
        remembered(&memory, signed("bob", "5"));
        assert_eq!(memory.keys.get(sender).as_deref(), Some(ALICE.address()));
        assert_eq!(memory.keys.weight(), sender.len() as u64 * KEY_FACTOR);
    }

    #[test]
    fn both_caches_are_bounded() {
        let memory = Memory::new();
        let address = Arc::new(ALICE.address().clone());
        let witness = remembered(&memory, signed("bob", "5")).unwrap().unwrap();
        for number in 0..2 * OUTCOMES {
            let mut id = [0; 32];
            id[..8].copy_from_slice(&number.to_be_bytes());
            memory.outcomes.insert(id, Ok(witness));
            memory.keys.insert(format!("{number:0>600}").into(), Arc::clone(&address));
        }
        assert!(memory.outcomes.len() <= OUTCOMES, "{}", memory.outcomes.len());
        assert!(memory.keys.weight() <= KEYS, "{}", memory.keys.weight());
    }

    #[test]
    fn new_senders_do_not_displace_a_frequent_one() {
        let memory = Memory::new();
        let (sender, address) = (ALICE.address().as_str(), Arc::new(ALICE.address().clone()));
        memory.keys.insert(sender.into(), Arc::clone(&address));
        for number in 0..20_000 {
            assert!(memory.keys.get(sender).is_some(), "after {number} others");
            memory.keys.insert(format!("{number:0>600}").into(), Arc::clone(&address));
        }
    }
}
