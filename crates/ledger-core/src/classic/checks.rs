//! One rule, one check, one variant of the error.

use crate::classic::block::Block;
use crate::classic::members::Members;
use crate::classic::previous_hash::PreviousHash;
use crate::classic::rules::ClassicRules;
use crate::classic::state::State;
use crate::hash::BlockHash;
use crate::position::Height;
use crate::pow::Difficulty;
use crate::seam::{Proofs, Sides, Violation};

/// The first rule that a chain breaks, with the block and both sides of the mismatch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleViolation {
    /// A chain has at least its genesis.
    #[error("the chain has no blocks")]
    Empty,
    /// Indexes count up by one from 1.
    #[error("block {expected}: index is {found}, expected {expected}")]
    Index {
        /// The block's position in the chain, from 1.
        expected: u64,
        /// The index that it claims.
        found: u64,
    },
    /// A genesis holds no transactions. No node makes one with transactions, and they would cost no work.
    #[error("block 1: a genesis holds no transactions, and this one has {found}")]
    GenesisTransactions {
        /// How many it holds.
        found: usize,
    },
    /// `previous_hash` is the hash of the previous block.
    #[error("block {block}: previous_hash is {found}, but block {} hashes to {expected}", .block - 1)]
    PreviousHash {
        /// The block's position in the chain, from 1.
        block: u64,
        /// The hash of the previous block.
        expected: BlockHash,
        /// What the block names instead.
        found: PreviousHash,
    },
    /// The proof solves the puzzle of the previous block.
    #[error(
        "block {block}: proof {proof} does not solve the puzzle of block {}: \
         the guess hashes to {guess}, which does not start with {difficulty} zeros", .block - 1
    )]
    Proof {
        /// The block's position in the chain, from 1.
        block: u64,
        /// Its proof.
        proof: u64,
        /// What the guess hashes to.
        guess: BlockHash,
        /// The leading zeros that this hash needs.
        difficulty: Difficulty,
    },
}

impl RuleViolation {
    /// The position of the block that breaks the rule, from 1; `None` for an empty chain.
    #[must_use]
    pub fn block(&self) -> Option<u64> {
        match *self {
            Self::Empty => None,
            Self::GenesisTransactions { .. } => Some(1),
            Self::Index { expected: block, .. }
            | Self::PreviousHash { block, .. }
            | Self::Proof { block, .. } => Some(block),
        }
    }
}

impl Violation for RuleViolation {
    fn block(&self) -> Option<u64> {
        RuleViolation::block(self)
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Index { .. } => "index",
            Self::GenesisTransactions { .. } => "genesis_transactions",
            Self::PreviousHash { .. } => "previous_hash",
            Self::Proof { .. } => "proof",
        }
    }

    fn sides(&self) -> Option<Sides> {
        let (expected, found) = match self {
            Self::Empty => return None,
            Self::Index { expected, found } => (expected.to_string(), found.to_string()),
            Self::GenesisTransactions { found } => ("0".to_owned(), found.to_string()),
            Self::PreviousHash { expected, found, .. } => (expected.to_string(), found.to_string()),
            Self::Proof { guess, difficulty, .. } => {
                ("0".repeat(difficulty.zeros().into()), guess.to_string())
            }
        };
        Some(Sides { expected, found })
    }

    fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::Proof { .. } => Some(
                "was the chain mined at another difficulty? set it with --difficulty, or begin a new chain at this one: \
                 --data-dir with a new directory, or --in-memory",
            ),
            _ => None,
        }
    }
}

/// Checks a block against the state before it (`None` for a genesis). Returns the state after it.
///
/// # Errors
///
/// The first rule that it breaks.
pub(crate) fn check(
    before: Option<&State>,
    block: &Block<'_>,
    rules: ClassicRules,
    proofs: Proofs,
) -> Result<State, RuleViolation> {
    let height = before.map_or(Height::GENESIS, |before| before.tip.height.next());
    check_index(block, height)?;
    match before {
        None => check_genesis(block)?,
        Some(before) => {
            check_previous_hash(block, before)?;
            if proofs == Proofs::Checked {
                check_proof(block, before, rules)?;
            }
        }
    }
    Ok(State::after(block, height))
}

fn check_index(block: &Members<'_>, expected: Height) -> Result<(), RuleViolation> {
    let expected = expected.get();
    if block.index == expected { Ok(()) } else { Err(RuleViolation::Index { expected, found: block.index }) }
}

fn check_genesis(block: &Members<'_>) -> Result<(), RuleViolation> {
    match block.transactions.len() {
        0 => Ok(()),
        found => Err(RuleViolation::GenesisTransactions { found }),
    }
}

fn check_previous_hash(block: &Members<'_>, before: &State) -> Result<(), RuleViolation> {
    let expected = before.tip.hash;
    if block.previous_hash == PreviousHash::Hash(expected) {
        return Ok(());
    }
    Err(RuleViolation::PreviousHash { block: block.index, expected, found: block.previous_hash })
}

fn check_proof(block: &Members<'_>, before: &State, rules: ClassicRules) -> Result<(), RuleViolation> {
    let puzzle = before.puzzle(rules);
    if puzzle.is_solved_by(block.proof) {
        return Ok(());
    }
    Err(RuleViolation::Proof {
        block: block.index,
        proof: block.proof,
        guess: puzzle.guess_hash(block.proof),
        difficulty: rules.difficulty(),
    })
}
