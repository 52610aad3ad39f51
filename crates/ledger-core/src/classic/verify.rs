//! Whether a whole chain is valid (tutorial, section 8.2: `valid_chain`).

use crate::classic::block::Block;
use crate::classic::checks::{RuleViolation, check};
use crate::classic::rules::ClassicRules;
use crate::classic::state::State;
use crate::position::Tip;
use crate::seam::Proofs;

/// Checks a whole chain, genesis first. Returns its tip.
///
/// For a genesis, checks only the index and that it holds no transactions.
///
/// Works in constant memory, so the blocks may come from an iterator. A [`Chain`](crate::seam::Chain) does the same for
/// blocks that arrive as JSON.
///
/// # Errors
///
/// The first [`RuleViolation`].
///
/// # Examples
///
/// ```
/// use ledger_core::{Block, ClassicRules, Difficulty, RuleViolation, Timestamp, verify_chain};
///
/// let rules = ClassicRules::new(Difficulty::default());
/// let genesis = Block::genesis(Timestamp::from_micros(0));
/// assert_eq!(verify_chain(rules, [&genesis])?.hash, genesis.hash());
/// let violation = verify_chain(rules, [&genesis, &genesis]);
/// assert_eq!(violation, Err(RuleViolation::Index { expected: 2, found: 1 }));
/// # Ok::<(), RuleViolation>(())
/// ```
pub fn verify_chain<'a, 'text: 'a>(
    rules: ClassicRules,
    blocks: impl IntoIterator<Item = &'a Block<'text>>,
) -> Result<Tip, RuleViolation> {
    let mut last: Option<State> = None;
    for block in blocks {
        last = Some(check(last.as_ref(), block, rules, Proofs::Checked)?);
    }
    last.map(|state| state.tip).ok_or(RuleViolation::Empty)
}
