//! Which chains are valid: a fold over blocks that holds nothing but the last one's index, proof and hash.

use crate::classic::block::Block;
use crate::classic::encoded::EncodedBlock;
use crate::classic::encoded_view::EncodedView;
use crate::classic::previous_hash::PreviousHash;
use crate::classic::rules::Rules;
use crate::classic::view::Header;
use crate::difficulty::Difficulty;
use crate::hash::BlockHash;
use crate::pow::Puzzle;

/// What the next block must refer to: the last block's index, proof and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The last block's index, which is the chain's length.
    pub index: u64,
    /// The last block's proof.
    pub proof: u64,
    /// The last block's hash.
    pub hash: BlockHash,
}

impl Tip {
    /// The tip of a chain that ends with this block.
    #[must_use]
    pub fn of(block: &EncodedBlock) -> Self {
        Self { index: block.block().index, proof: block.block().proof, hash: block.hash() }
    }

    /// The tip of a chain that ends with this block, which was read in place.
    #[must_use]
    pub fn of_view(block: &EncodedView<'_>) -> Self {
        let Header { index, proof, .. } = block.block().header;
        Self { index, proof, hash: block.hash() }
    }

    /// The puzzle to solve for the next block.
    #[must_use]
    pub fn puzzle(&self, rules: Rules) -> Puzzle {
        rules.puzzle(self.proof, self.hash)
    }
}

/// The first rule that a chain breaks, the block that breaks it, and both sides of the mismatch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A chain has at least its genesis.
    #[error("the chain has no blocks")]
    Empty,
    /// Indexes count up by one from 1.
    #[error("block {expected}: index is {found}, expected {expected}")]
    Index {
        /// The block's place in the chain, from 1.
        expected: u64,
        /// The index it gives itself.
        found: u64,
    },
    /// A genesis holds no transactions: no node makes one that does, and it would cost no work.
    #[error("block 1: a genesis holds no transactions, and this one has {found}")]
    GenesisTransactions {
        /// How many it holds.
        found: usize,
    },
    /// A block names the hash of the block before it.
    #[error("block {block}: previous_hash is {found}, but block {} hashes to {expected}", .block - 1)]
    PreviousHash {
        /// The block's place in the chain, from 1.
        block: u64,
        /// The hash of the block before it.
        expected: BlockHash,
        /// What it says instead.
        found: PreviousHash,
    },
    /// A block's proof solves the puzzle of the block before it.
    #[error(
        "block {block}: proof {proof} does not solve the puzzle of block {}: \
         the guess hashes to {guess}, which does not start with {difficulty} zeros", .block - 1
    )]
    Proof {
        /// The block's place in the chain, from 1.
        block: u64,
        /// Its proof.
        proof: u64,
        /// What the guess hashes to.
        guess: BlockHash,
        /// How many leading zeros that should have.
        difficulty: Difficulty,
    },
}

impl Fault {
    /// The place in the chain of the block that breaks the rule, from 1; none for an empty chain.
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

/// Checks a chain one block at a time, in constant memory (tutorial, section 8.2: `valid_chain`).
///
/// Genesis is taken as it is, but for its index and that it holds no transactions. A block that is refused leaves the verifier as it was.
///
/// # Examples
///
/// ```
/// use ledger_core::{Block, Difficulty, Fault, Rules, Timestamp, Verifier};
///
/// let mut verifier = Verifier::new(Rules::classic(Difficulty::default()));
/// let genesis = Block::genesis(Timestamp::from_micros(0));
/// verifier.push(&genesis)?;
/// assert_eq!(verifier.push(&genesis), Err(Fault::Index { expected: 2, found: 1 }));
/// # Ok::<(), Fault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    rules: Rules,
    tip: Option<Tip>,
}

impl Verifier {
    /// A verifier that waits for a genesis.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, tip: None }
    }

    /// A verifier that waits for the block after `tip`, which is taken as checked.
    #[must_use]
    pub fn resume(rules: Rules, tip: Tip) -> Self {
        Self { rules, tip: Some(tip) }
    }

    /// Checks the next block and makes it the tip.
    ///
    /// # Errors
    ///
    /// The [`Fault`]; the verifier still waits for the same block.
    pub fn push(&mut self, block: &Block) -> Result<Tip, Fault> {
        let header = Header::from(block);
        self.check_place(&header)?;
        Ok(self.advance(header, block.hash()))
    }

    /// Like [`push`](Self::push), for a block that was hashed already.
    ///
    /// # Errors
    ///
    /// The [`Fault`]; the verifier still waits for the same block.
    pub fn push_encoded(&mut self, block: &EncodedBlock) -> Result<Tip, Fault> {
        self.push_hashed(block.block().into(), block.hash())
    }

    /// Like [`push_encoded`](Self::push_encoded), for a block that was read in place.
    ///
    /// # Errors
    ///
    /// The [`Fault`]; the verifier still waits for the same block.
    pub fn push_view(&mut self, block: &EncodedView<'_>) -> Result<Tip, Fault> {
        self.push_hashed(block.block().header, block.hash())
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
    /// [`Fault::Empty`] if no block was pushed.
    pub fn finish(self) -> Result<Tip, Fault> {
        self.tip.ok_or(Fault::Empty)
    }

    fn push_hashed(&mut self, header: Header, hash: BlockHash) -> Result<Tip, Fault> {
        self.check_place(&header)?;
        Ok(self.advance(header, hash))
    }

    fn check_place(&self, block: &Header) -> Result<(), Fault> {
        match &self.tip {
            None => {
                check_index(block, 1)?;
                check_genesis(block)
            }
            Some(tip) => {
                check_index(block, tip.index.saturating_add(1))?;
                check_previous_hash(block, tip)?;
                check_proof(block, tip, self.rules)
            }
        }
    }

    fn advance(&mut self, block: Header, hash: BlockHash) -> Tip {
        *self.tip.insert(Tip { index: block.index, proof: block.proof, hash })
    }
}

fn check_index(block: &Header, expected: u64) -> Result<(), Fault> {
    if block.index == expected { Ok(()) } else { Err(Fault::Index { expected, found: block.index }) }
}

fn check_genesis(block: &Header) -> Result<(), Fault> {
    match block.transactions {
        0 => Ok(()),
        found => Err(Fault::GenesisTransactions { found }),
    }
}

fn check_previous_hash(block: &Header, tip: &Tip) -> Result<(), Fault> {
    if block.previous_hash == PreviousHash::Hash(tip.hash) {
        return Ok(());
    }
    Err(Fault::PreviousHash { block: block.index, expected: tip.hash, found: block.previous_hash })
}

fn check_proof(block: &Header, tip: &Tip, rules: Rules) -> Result<(), Fault> {
    let puzzle = tip.puzzle(rules);
    if puzzle.is_solved_by(block.proof) {
        return Ok(());
    }
    Err(Fault::Proof {
        block: block.index,
        proof: block.proof,
        guess: puzzle.guess_hash(block.proof),
        difficulty: rules.difficulty(),
    })
}

/// Checks a whole chain and answers its tip.
///
/// # Errors
///
/// The first [`Fault`].
pub fn verify_chain<'a>(rules: Rules, blocks: impl IntoIterator<Item = &'a Block>) -> Result<Tip, Fault> {
    let mut verifier = Verifier::new(rules);
    for block in blocks {
        verifier.push(block)?;
    }
    verifier.finish()
}
