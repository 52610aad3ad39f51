//! The classic rules as a rule set.

use super::assemble::assemble;
use super::block::movements;
use super::glance::glance;
use super::payment::{FORM, of_members, of_text};
use crate::address::Address;
use crate::amount::Amount;
use crate::classic::block::Block;
use crate::classic::checks::{RuleViolation, check};
use crate::classic::members::Members;
use crate::classic::payment::Transaction;
use crate::classic::rules::ClassicRules;
use crate::classic::state::State;
use crate::payment::SignedPayment;
use crate::pool::{PaymentNumber, Pool};
use crate::position::{Blocks, Height, Timestamp, Tip};
use crate::pow::{Difficulty, Work};
use crate::seam::{
    Checking, Glance, Limits, Movement, ParseError, PaymentError, PaymentForm, PoolEntry, Quantity, Rules,
};

/// The most bytes of payments in a block of ours.
const OWN_BLOCK: usize = 16 << 20;

/// The tutorial's rules, and the reward that our blocks pay.
///
/// The longest valid chain wins (section 8.2). If both are equally long, ours stays. Bitcoin compares the total work
/// instead, which is the same at a fixed difficulty.
#[derive(Clone, Debug)]
pub struct Classic {
    rules: ClassicRules,
    reward: Amount<'static>,
}

/// A classic block that lacks its proof. It holds no payments, because the proof covers only the previous block.
#[derive(Clone, Debug)]
pub struct Draft {
    parent: State,
    miner: Address,
}

impl Classic {
    /// The name that selects these rules.
    pub const NAME: &str = "classic";

    /// These rules. Our blocks pay `reward` to their miner; no check requires it.
    #[must_use]
    pub fn new(rules: ClassicRules, reward: Amount<'static>) -> Self {
        Self { rules, reward }
    }
}

impl Rules for Classic {
    type Block<'a> = Block<'a>;
    type State = State;
    type Violation = RuleViolation;
    type Draft = Draft;

    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn describe(&self) -> String {
        format!("difficulty {}", self.rules.difficulty())
    }

    fn at_difficulty(&self, difficulty: Difficulty) -> Option<Self> {
        Some(Self { rules: ClassicRules::new(difficulty), reward: self.reward.clone() })
    }

    /// A peer's block may be twice as large as ours: other programs write longer texts.
    fn limits(&self) -> Limits {
        Limits { block_bytes: 2 * OWN_BLOCK, own_block_bytes: OWN_BLOCK }
    }

    fn quantity(&self, tip: &Tip) -> Quantity {
        let (number, is_one) = (tip.height.to_string(), tip.height == Height::GENESIS);
        Quantity { counted: Blocks(tip.height.get()).to_string(), number, is_one }
    }

    fn length_decides(&self) -> bool {
        true
    }

    fn read<'a>(&self, json: &'a [u8], limit: usize) -> Result<Block<'a>, ParseError> {
        Block::from_json_within(json, limit)
    }

    fn read_each<'a>(&self, texts: &[&'a [u8]]) -> Vec<Result<Block<'a>, ParseError>> {
        let in_place = Block::of_canonical_all(texts);
        let or_copied =
            |(block, text): (Option<_>, &&'a [u8])| block.map_or_else(|| Block::from_json(text), Ok);
        in_place.into_iter().zip(texts).map(or_copied).collect()
    }

    fn movements<'a>(&self, text: &'a [u8]) -> Result<Vec<Movement<'a>>, ParseError> {
        Members::from_json(text).map(|block| movements(block.transactions))
    }

    fn glance(&self, beginning: &[u8]) -> Option<Glance> {
        glance(beginning)
    }

    fn check(
        &self,
        before: Option<&State>,
        block: &Block<'_>,
        with: Checking,
    ) -> Result<State, RuleViolation> {
        check(before, block, self.rules, with.proofs)
    }

    fn tip(&self, state: &State) -> Tip {
        state.tip
    }

    fn resume(&self, block: &Block<'_>, _saved: Option<&str>) -> Result<State, ParseError> {
        let height = Height::new(block.index).ok_or_else(|| ParseError::Value {
            name: "index",
            expected: "1 or more",
            found: block.index.to_string(),
        })?;
        Ok(State::after(block, height))
    }

    fn payment_form(&self) -> &'static PaymentForm {
        &FORM
    }

    fn payment<'m>(&self, member: &dyn Fn(&str) -> Option<&'m str>) -> Result<SignedPayment, PaymentError> {
        of_members(member)
    }

    fn stored_payment(&self, text: &str, signature: &str) -> Result<SignedPayment, PaymentError> {
        of_text(text, signature)
    }

    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError> {
        Transaction::from_json(payment.as_bytes()).map(Movement::from)
    }

    fn genesis(&self, now: Timestamp) -> Block<'static> {
        Block::genesis(now)
    }

    fn draft(
        &self,
        state: &State,
        _waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        _now: Timestamp,
    ) -> Draft {
        Draft { parent: *state, miner: miner.clone() }
    }

    fn work(&self, draft: &Draft) -> Work {
        draft.parent.puzzle(self.rules).work()
    }

    fn complete(
        &self,
        draft: Draft,
        proof: u64,
        pool: &Pool,
        now: Timestamp,
    ) -> (Block<'static>, Vec<PaymentNumber>) {
        let reward = Transaction::reward(&*draft.miner, self.reward.clone());
        let taken: Vec<_> = pool.up_to(self.limits().own_block_bytes).collect();
        let payments = taken.iter().map(|(_, payment)| &***payment);
        let block = assemble(&draft.parent, payments, proof, Some(reward), now);
        (block, taken.into_iter().map(|(number, _)| number).collect())
    }
}
