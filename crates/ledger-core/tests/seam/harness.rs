//! What the tests share.

use std::sync::Arc;

use ledger_core::classic::Classic;
use ledger_core::seam::{Erased, RuleSet};
use ledger_core::{
    ClassicRules, Difficulty, SignedPayment, SignedTransaction, Timestamp, Transaction, VerifiedPayment,
};

/// A fixed time. The classic rules ignore it.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_506_057_125_900_785)
}

/// The classic rules at a difficulty, with a reward of 1.
pub(crate) fn classic(difficulty: Difficulty) -> Arc<dyn RuleSet> {
    Arc::new(Erased(Classic::new(ClassicRules::new(difficulty), 1u64.into())))
}

/// A verified payment of 5 from alice.
pub(crate) fn pay(to: &str) -> VerifiedPayment {
    let transaction = Transaction { amount: 5u64.into(), recipient: to.into(), sender: "alice".into() };
    let signed = SignedTransaction::new(transaction, format!("signature for {to}")).unwrap();
    SignedPayment::from(signed).verify_with(|_, _| Ok::<(), ()>(())).unwrap()
}

/// The classic rules at a difficulty of `zeros`.
pub(crate) fn classic_at(zeros: u8) -> Arc<dyn RuleSet> {
    classic(Difficulty::new(zeros).unwrap())
}
