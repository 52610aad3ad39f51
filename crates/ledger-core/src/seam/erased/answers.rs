//! The methods of [`RuleSet`], each answered by the rule set's own types.

use std::sync::Arc;

use super::check::{Erased, of_row};
use super::fold::Fold;
use crate::address::Address;
use crate::hash::BlockHash;
use crate::payment::{SignedPayment, VerifiedPayment};
use crate::pool::{PaymentNumber, Pool};
use crate::position::{Timestamp, Tip};
use crate::pow::Difficulty;
use crate::seam::checked::CheckedBlock;
use crate::seam::checking::{Checking, Glance, Proofs};
use crate::seam::errors::{BlockError, ParseError, PaymentError, StoredError};
use crate::seam::limits::{Limits, Quantity};
use crate::seam::movement::Movement;
use crate::seam::opaque::{AnyDraft, AnyState, Successor};
use crate::seam::payments::{Admission, PaymentForm, PoolEntry, PoolError, Waiting};
use crate::seam::rule_set::{Chain, RuleSet};
use crate::seam::rules::{BlockText, Rules};
use crate::seam::stored::Stored;

impl<R: Rules> Erased<R> {
    /// Checks a block against our tip.
    fn succeed(&self, tip: &AnyState, block: R::Block<'_>, now: Timestamp) -> Result<Successor, BlockError> {
        let with = Checking { now: Some(now), proofs: Proofs::Checked };
        let (block, state) = self.check(Some(tip.of()), block, with).map_err(BlockError::Rule)?;
        Ok(Successor::new(block.into_owned(), AnyState::new(state)))
    }
}

impl<R: Rules> RuleSet for Erased<R> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn describe(&self) -> String {
        self.0.describe()
    }

    fn at_difficulty(&self, difficulty: Difficulty) -> Option<Arc<dyn RuleSet>> {
        Some(Arc::new(Self(self.0.at_difficulty(difficulty)?)))
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    fn quantity(&self, tip: &Tip) -> Quantity {
        self.0.quantity(tip)
    }

    fn wins(&self, theirs: &Tip, ours: &Tip) -> bool {
        self.0.wins(theirs, ours)
    }

    fn length_decides(&self) -> bool {
        self.0.length_decides()
    }

    fn begin(self: Arc<Self>, proofs: Proofs) -> Box<dyn Chain> {
        Box::new(Fold { rules: self, proofs, state: None })
    }

    fn resume(self: Arc<Self>, stored: Stored<'_>, proofs: Proofs) -> Result<Box<dyn Chain>, StoredError> {
        let block = of_row(stored, self.0.read(stored.text, usize::MAX))?;
        let state = self.0.resume(&block, stored.saved).map_err(|_| StoredError::State(stored.height))?;
        Ok(Box::new(Fold { rules: self, proofs, state: Some(state) }))
    }

    fn read_stored(&self, stored: Stored<'_>) -> Result<BlockHash, StoredError> {
        of_row(stored, self.0.read(stored.text, usize::MAX)).map(|block| block.hash())
    }

    fn place(&self, json: &[u8]) -> Result<(u64, BlockHash), ParseError> {
        let block = self.0.read(json, self.0.limits().block_bytes)?;
        Ok((block.height(), block.hash()))
    }

    fn canonical_text(&self, json: &[u8]) -> Result<String, ParseError> {
        let block = self.0.read(json, self.0.limits().block_bytes)?;
        Ok(block.into_parts().0.into_owned())
    }

    fn glance(&self, beginning: &[u8]) -> Option<Glance> {
        self.0.glance(beginning)
    }

    fn check_next(&self, tip: &AnyState, json: &[u8], now: Timestamp) -> Result<Successor, BlockError> {
        let block = self.read(Some(tip.of()), json)?;
        self.succeed(tip, block, now)
    }

    fn movements<'a>(&self, text: &'a [u8]) -> Result<Vec<Movement<'a>>, ParseError> {
        self.0.movements(text)
    }

    fn movement<'a>(&self, payment: &'a str) -> Result<Movement<'a>, ParseError> {
        self.0.movement(payment)
    }

    fn payment_form(&self) -> &'static PaymentForm {
        self.0.payment_form()
    }

    fn payment<'m>(&self, member: &dyn Fn(&str) -> Option<&'m str>) -> Result<SignedPayment, PaymentError> {
        self.0.payment(member)
    }

    fn stored_payment(&self, text: &str, signature: &str) -> Result<SignedPayment, PaymentError> {
        self.0.stored_payment(text, signature)
    }

    fn admit(
        &self,
        tip: &AnyState,
        waiting: &Waiting<'_>,
        payment: &VerifiedPayment,
    ) -> Result<Admission, PoolError> {
        self.0.admit(tip.of(), waiting, payment)
    }

    fn genesis(&self, now: Timestamp) -> (CheckedBlock<'static>, AnyState) {
        let with = Checking { now: Some(now), proofs: Proofs::Checked };
        let checked = self.check(None, self.0.genesis(now), with);
        let (block, state) = checked.expect("a rule set accepts the genesis that it makes");
        (block, AnyState::new(state))
    }

    fn draft(
        &self,
        tip: &AnyState,
        waiting: &dyn Fn() -> Vec<PoolEntry>,
        miner: &Address,
        now: Timestamp,
    ) -> AnyDraft {
        let draft = self.0.draft(tip.of(), waiting, miner, now);
        AnyDraft::new(self.0.tip(tip.of()), self.0.work(&draft), draft)
    }

    fn complete(
        &self,
        tip: &AnyState,
        draft: &AnyDraft,
        proof: u64,
        pool: &Pool,
        now: Timestamp,
    ) -> Result<(Successor, Vec<PaymentNumber>), BlockError> {
        let draft: &R::Draft = draft.of();
        let (block, taken) = self.0.complete(draft.clone(), proof, pool, now);
        Ok((self.succeed(tip, block, now)?, taken))
    }
}
