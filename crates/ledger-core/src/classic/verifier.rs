//! Chain validation as a fold: checks one block at a time, keeping only the tip (height, proof, hash).

use crate::classic::block::Block;
use crate::classic::checks::{RuleViolation, check};
use crate::classic::rules::ClassicRules;
use crate::position::Tip;
use crate::seam::Proofs;

/// Checks a chain one block at a time, in constant memory (tutorial, section 8.2: `valid_chain`).
///
/// Of a genesis, only the index is checked and that it holds no transactions. A refused block changes nothing.
///
/// # Examples
///
/// ```
/// use ledger_core::{Block, Difficulty, RuleViolation, ClassicRules, Timestamp, Verifier};
///
/// let mut verifier = Verifier::new(ClassicRules::new(Difficulty::default()));
/// let genesis = Block::genesis(Timestamp::from_micros(0));
/// verifier.push(&genesis)?;
/// assert_eq!(verifier.push(&genesis), Err(RuleViolation::Index { expected: 2, found: 1 }));
/// # Ok::<(), RuleViolation>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    rules: ClassicRules,
    tip: Option<Tip>,
}

impl Verifier {
    /// A verifier that waits for a genesis.
    #[must_use]
    pub fn new(rules: ClassicRules) -> Self {
        Self { rules, tip: None }
    }

    /// A verifier that waits for the block after `tip`, which must be checked already.
    #[must_use]
    pub fn resume(rules: ClassicRules, tip: Tip) -> Self {
        Self { rules, tip: Some(tip) }
    }

    /// Checks the next block and makes it the tip.
    ///
    /// # Errors
    ///
    /// The [`RuleViolation`]; the verifier still waits for the same block.
    pub fn push(&mut self, block: &Block<'_>) -> Result<Tip, RuleViolation> {
        let height = check(block, self.tip.as_ref(), self.rules, Proofs::Checked)?;
        Ok(*self.tip.insert(Tip::by_length(height, block.proof, block.hash())))
    }

    /// The last block pushed.
    #[must_use]
    pub fn tip(&self) -> Option<Tip> {
        self.tip
    }

    /// Ends the chain.
    ///
    /// # Errors
    ///
    /// [`RuleViolation::Empty`] if no block was pushed.
    pub fn finish(self) -> Result<Tip, RuleViolation> {
        self.tip.ok_or(RuleViolation::Empty)
    }
}

/// Checks a whole chain. Returns its tip.
///
/// # Errors
///
/// The first [`RuleViolation`].
pub fn verify_chain<'a, 'text: 'a>(
    rules: ClassicRules,
    blocks: impl IntoIterator<Item = &'a Block<'text>>,
) -> Result<Tip, RuleViolation> {
    let mut verifier = Verifier::new(rules);
    for block in blocks {
        verifier.push(block)?;
    }
    verifier.finish()
}
