//! What is remembered of signatures: outcomes and keys, as many as fit.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use wallet::{PublicKey, SignatureError, VerifyError};

use super::question::Question;

/// How many outcomes are remembered: some megabytes.
const OUTCOMES: usize = 65_536;

/// The most bytes of memory that keys may take, about: some thousands of usual ones.
const KEYS: u64 = 16 << 20;

/// How many times as much memory a key takes as its text has bytes: the text twice, the modulus and what was
/// computed of it.
const KEY_FACTOR: u64 = 6;

/// Recent outcomes, and the keys of recent senders.
///
/// Both memories drop what was used once before what is used again and again, so a flood of new senders does not drive
/// out those who pay often. Neither takes what cost no arithmetic: a sender that is no address, a signature of a wrong
/// length or out of the key's range.
#[derive(Debug)]
pub(super) struct Memory {
    outcomes: Cache<Question, Result<(), SignatureError>>,
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

    /// The outcome, if it is remembered.
    pub(super) fn answer(&self, question: &Question) -> Option<Result<(), SignatureError>> {
        self.outcomes.get(question)
    }

    /// Checks a signature and remembers the outcome.
    pub(super) fn verify(
        &self,
        question: Question,
        sender: &str,
        message: &[u8],
        signature: &str,
    ) -> Result<(), VerifyError> {
        let kept = self.keys.get(sender);
        let is_new = kept.is_none();
        let address = kept.map_or_else(|| PublicKey::parse(sender).map(Arc::new), Ok)?;
        let outcome = address.verify(message, signature);
        if matches!(outcome, Ok(()) | Err(SignatureError::Mismatch)) {
            self.outcomes.insert(question, outcome.clone());
        }
        // Only who has signed something is worth a place.
        if is_new && outcome.is_ok() {
            self.keys.insert(sender.into(), address);
        }
        Ok(outcome?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use ledger_core::{SignedTransaction, Transaction};
    use wallet::Wallet;

    use super::*;

    static ALICE: LazyLock<Wallet> = LazyLock::new(|| Wallet::generate().unwrap());

    fn payment(recipient: &str, amount: &str, signature: &str) -> SignedTransaction {
        let transaction = Transaction {
            amount: amount.into(),
            recipient: recipient.into(),
            sender: ALICE.address().to_string().into(),
        };
        SignedTransaction::new(transaction, signature.into()).unwrap()
    }

    fn signed(recipient: &str, amount: &str) -> SignedTransaction {
        let message = payment(recipient, amount, "").transaction().message();
        payment(recipient, amount, ALICE.sign(message.as_bytes()).unwrap().as_str())
    }

    /// Checks a payment, and answers what is remembered of it then.
    fn remembered(memory: &Memory, payment: SignedTransaction) -> Option<Result<(), SignatureError>> {
        let question = Question::of(&payment);
        let _ = payment
            .verify_with(|sender, message, signature| memory.verify(question, sender, message, signature));
        memory.answer(&question)
    }

    #[test]
    fn what_was_found_right_or_wrong_is_remembered() {
        let memory = Memory::new();
        assert_eq!(memory.answer(&Question::of(&signed("bob", "5"))), None);
        assert_eq!(remembered(&memory, signed("bob", "5")), Some(Ok(())));
        let wrong = payment("bob", "6", signed("bob", "5").signature());
        assert_eq!(remembered(&memory, wrong), Some(Err(SignatureError::Mismatch)));
    }

    #[test]
    fn what_cost_no_arithmetic_takes_no_place() {
        let memory = Memory::new();
        let (too_long, over_the_modulus) = ("A".repeat(344), "/".repeat(341) + "w==");
        for signature in ["c2hvcnQ=", &"!".repeat(344), &too_long, &over_the_modulus] {
            assert_eq!(remembered(&memory, payment("bob", "5", signature)), None, "{signature}");
        }
        assert_eq!(memory.outcomes.len(), 0);
    }

    #[test]
    fn payments_that_read_alike_when_run_together_are_different_questions() {
        let question = |recipient, amount, signature| Question::of(&payment(recipient, amount, signature));
        assert_ne!(question("bob1", "00.1", "s"), question("bob", "100.1", "s"));
        assert_ne!(question("bob", "1", "1s"), question("bob", "11", "s"));
        assert_ne!(question("bob", "1", "s"), question("bob", "1", "s "));
        assert_eq!(question("bob", "1", "s"), question("bob", "1", "s"));
    }

    #[test]
    fn a_number_and_a_text_that_are_signed_alike_share_an_outcome() {
        let mut number = payment("bob", "5", "s").transaction().clone();
        number.amount = 5_u64.into();
        let number = SignedTransaction::new(number, "s".into()).unwrap();
        assert_eq!(Question::of(&number), Question::of(&payment("bob", "5", "s")));
    }

    #[test]
    fn a_sender_is_kept_once_it_has_signed_something() {
        let memory = Memory::new();
        let sender = ALICE.address().as_str();
        remembered(&memory, payment("bob", "6", signed("bob", "5").signature()));
        assert!(memory.keys.get(sender).is_none());
        remembered(&memory, signed("bob", "5"));
        assert_eq!(memory.keys.get(sender).as_deref(), Some(ALICE.address()));
    }

    #[test]
    fn both_memories_are_bounded() {
        let memory = Memory::new();
        let address = Arc::new(ALICE.address().clone());
        for number in 0..2 * OUTCOMES {
            let mut question = Question([0; 32]);
            question.0[..8].copy_from_slice(&number.to_be_bytes());
            memory.outcomes.insert(question, Ok(()));
            memory.keys.insert(format!("{number:0>600}").into(), Arc::clone(&address));
        }
        assert!(memory.outcomes.len() <= OUTCOMES, "{}", memory.outcomes.len());
        assert!(memory.keys.weight() <= KEYS, "{}", memory.keys.weight());
    }

    #[test]
    fn a_flood_of_new_senders_does_not_drive_out_one_that_pays_often() {
        let memory = Memory::new();
        let (sender, address) = (ALICE.address().as_str(), Arc::new(ALICE.address().clone()));
        memory.keys.insert(sender.into(), Arc::clone(&address));
        for number in 0..20_000 {
            assert!(memory.keys.get(sender).is_some(), "after {number} others");
            memory.keys.insert(format!("{number:0>600}").into(), Arc::clone(&address));
        }
    }
}
