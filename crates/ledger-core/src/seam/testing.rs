//! Blocks for tests.

use std::ops::ControlFlow;

use super::opaque::{AnyState, Successor};
use super::rule_set::RuleSet;
use crate::address::Address;
use crate::payment::VerifiedPayment;
use crate::pool::Pool;
use crate::position::Timestamp;
use crate::pow::{Engine, Search};

/// Mines the block after a state, with as many of the payments as fit. Its time is fixed: equal calls give equal blocks,
/// and two miners give different ones.
///
/// # Panics
///
/// If no proof is found, or the rules refuse the block.
#[must_use]
pub fn mined(rules: &dyn RuleSet, tip: &AnyState, miner: &str, payments: Vec<VerifiedPayment>) -> Successor {
    let now = Timestamp::from_micros(1_506_057_125_900_785);
    let mut pool = Pool::new(usize::MAX);
    for payment in payments {
        pool.add(payment).expect("a pool without a limit");
    }
    let waiting = || pool.entries().map(|(number, payment)| (number, payment.clone())).collect();
    let draft = rules.draft(tip, &waiting, &Address::from(miner), now);
    match draft.work().search(Engine::best(), 0..u64::MAX, |_| ControlFlow::Continue(())) {
        Search::Found(proof) => {
            rules.complete(tip, &draft, proof, &pool, now).expect("the rules accept it").0
        }
        Search::Exhausted | Search::Stopped(_) => panic!("no proof solves the puzzle"),
    }
}
