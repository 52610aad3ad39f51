//! The rule set.

use std::sync::Arc;

use ledger_core::classic::Classic;
use ledger_core::seam::{
    BlockText, Checking, Erased, Glance, Limits, Movement, ParseError, PaymentError, PaymentForm, PoolEntry,
    Proofs, Quantity, Registration, Rules,
};
use ledger_core::{
    Address, Amount, ClassicRules, Difficulty, Height, PaymentNumber, Pool, SignedPayment, Target, Timestamp,
    Tip, Transaction, Weight, Work,
};

use super::block::{Block, Frame};
use super::violation::Violation;

/// The most payments of a block, beside its reward.
const PAYMENTS: usize = 2;

/// The rule set for the program.
pub(crate) const REGISTRATION: Registration = Registration {
    name: "toy",
    make: |options| Ok(Arc::new(Erased(Toy::new(options.difficulty, options.reward.clone())))),
};

/// The toy's rules, with the zeros and the reward of our own blocks.
#[derive(Debug)]
pub(crate) struct Toy {
    zeros: u8,
    reward: Amount<'static>,
    payments: Classic,
}

/// What the next block is checked against: the tip, and the weight of the chain so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct State {
    tip: Tip,
    weight: u64,
}

/// A block without its proof: the text around the proof.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    frame: Frame,
    zeros: u8,
    taken: Vec<PaymentNumber>,
}

impl Toy {
    pub(crate) fn new(difficulty: Difficulty, reward: Amount<'static>) -> Self {
        let payments = Classic::new(ClassicRules::new(difficulty), reward.clone());
        Self { zeros: difficulty.zeros().clamp(1, 3), reward, payments }
    }
}

/// The state after a block. `weight` includes its work.
fn state_of(block: &Block<'_>, height: Height, weight: u64) -> State {
    State { tip: Tip::new(height, block.hash(), Weight::from(weight)), weight }
}

/// What a block weighs: the work that its zeros take. A genesis has none.
fn work_of(zeros: u8) -> u64 {
    if zeros == 0 { 0 } else { 16u64.saturating_pow(zeros.into()) }
}

/// The largest hash with this many zeros.
fn target(zeros: u8) -> Target {
    Target::with_leading_zero_bits(4 * u32::from(zeros))
}

fn check_members(block: &Block<'_>, before: Option<&State>) -> Result<Height, Violation> {
    let height = before.map_or(Height::GENESIS, |before| before.tip.height.next());
    let (place, expected) = (height.get(), before.map(|before| before.tip.hash));
    let (zeros, most) = if before.is_none() { (0..=0, 0) } else { (1..=3, PAYMENTS + 1) };
    if block.index != place {
        return Err(Violation::Index { expected: place, found: block.index });
    }
    if block.previous != expected {
        return Err(Violation::Previous { block: place, expected, found: block.previous });
    }
    if !zeros.contains(&block.zeros) {
        return Err(Violation::Zeros { block: place, found: block.zeros });
    }
    if block.transactions.len() > most {
        return Err(Violation::Transactions { block: place, found: block.transactions.len() });
    }
    Ok(height)
}

impl Rules for Toy {
    type Block<'a> = Block<'a>;
    type State = State;
    type Violation = Violation;
    type Draft = Draft;

    fn name(&self) -> &'static str {
        "toy"
    }

    fn describe(&self) -> String {
        "1 to 3 zeros".into()
    }

    fn limits(&self) -> Limits {
        Limits { block_bytes: 1 << 20, own_block_bytes: 1 << 19 }
    }

    fn quantity(&self, tip: &Tip) -> Quantity {
        let [.., a, b, c, d, e, f, g, h] = tip.weight.to_be_bytes();
        let number = u64::from_be_bytes([a, b, c, d, e, f, g, h]).to_string();
        Quantity { counted: format!("weight {number}"), number, is_one: true }
    }

    fn read<'a>(&self, json: &'a [u8], limit: usize) -> Result<Block<'a>, ParseError> {
        Block::read(json, limit)
    }

    fn glance(&self, beginning: &[u8]) -> Option<Glance> {
        let text = beginning.utf8_chunks().next()?.valid();
        let (index, rest) = text.strip_prefix("{\"index\": ")?.split_once(", \"previous_hash\": ")?;
        let (previous, _) = rest.split_once(", ")?;
        let previous = serde_json::from_str(previous).ok()?;
        Some(Glance { height: index.parse().ok()?, previous })
    }

    fn check(&self, before: Option<&State>, block: &Block<'_>, with: Checking) -> Result<State, Violation> {
        let height = check_members(block, before)?;
        let is_proved = Target::from_bytes(*block.hash().as_bytes()) <= target(block.zeros);
        if with.proofs == Proofs::Checked && !is_proved {
            return Err(Violation::Proof { block: block.index, hash: block.hash(), zeros: block.zeros });
        }
        Ok(state_of(block, height, before.map_or(0, |before| before.weight) + work_of(block.zeros)))
    }

    fn tip(&self, state: &State) -> Tip {
        state.tip
    }

    fn resume(&self, block: &Block<'_>, saved: Option<&str>) -> Result<State, ParseError> {
        let missing = ParseError::Missing { of: "state", name: "weight" };
        let weight = saved.and_then(|weight| weight.parse().ok()).ok_or_else(|| missing.clone())?;
        Ok(state_of(block, Height::new(block.index).ok_or(missing)?, weight))
    }

    fn saved(&self, state: &State) -> Option<String> {
        Some(state.weight.to_string())
    }

    fn payment_form(&self) -> &'static PaymentForm {
        self.payments.payment_form()
    }

    fn payment<'m>(&self, member: &dyn Fn(&str) -> Option<&'m str>) -> Result<SignedPayment, PaymentError> {
        self.payments.payment(member)
    }

    fn stored_payment(&self, text: &str, signature: &str) -> Result<SignedPayment, PaymentError> {
        self.payments.stored_payment(text, signature)
    }

    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError> {
        self.payments.movement(payment)
    }

    fn genesis(&self, _now: Timestamp) -> Block<'static> {
        Block::of_text(Frame::new(1, None, 0, &[]).text(0))
    }

    fn draft(
        &self,
        state: &State,
        waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        _now: Timestamp,
    ) -> Draft {
        let taken: Vec<PoolEntry> = waiting().into_iter().take(PAYMENTS).collect();
        let reward = Transaction::reward(&**miner, self.reward.clone()).to_string();
        let texts: Vec<&str> = taken.iter().map(|(_, payment)| payment.text()).chain([&*reward]).collect();
        let frame = Frame::new(state.tip.height.next().get(), Some(state.tip.hash), self.zeros, &texts);
        Draft { frame, zeros: self.zeros, taken: taken.into_iter().map(|(number, _)| number).collect() }
    }

    fn work(&self, draft: &Draft) -> Work {
        let Frame { before, after } = draft.frame.clone();
        Work::new(before, after, target(draft.zeros))
    }

    fn complete(
        &self,
        draft: Draft,
        proof: u64,
        _pool: &Pool,
        _now: Timestamp,
    ) -> (Block<'static>, Vec<PaymentNumber>) {
        (Block::of_text(draft.frame.text(proof)), draft.taken)
    }
}
