//! A whole ledger in memory, for programs that embed a small one: the tutorial's class `Blockchain`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::classic::{Block, ClassicRules, Puzzle, RuleViolation, State, Transaction, assemble, check};
use crate::fork::Orphans;
use crate::node_address::{NodeAddress, NodeAddressError};
use crate::payment::VerifiedPayment;
use crate::pool::{Pool, PoolFull};
use crate::position::{Timestamp, Weight};
use crate::pow::Search;
use crate::seam::{Proofs, payment_texts, refill};

/// The most bytes of payments in the pool.
const POOL_LIMIT: usize = 16 << 20;

/// A chain, its pool and its peers. The chain always has a genesis and is always valid.
///
/// Keeps each block with its canonical text, which takes about twice the memory of the members alone, and a second copy of
/// payments that came through its pool. The crate's front page has an example. The node does not use it: its chain is on
/// disk.
#[derive(Clone, Debug)]
pub struct Blockchain {
    rules: ClassicRules,
    blocks: Vec<Block<'static>>,
    /// The payments in our blocks that came through our pool, by the indexes of block and payment.
    verified: BTreeMap<(usize, usize), Arc<VerifiedPayment>>,
    state: State,
    pool: Pool,
    nodes: BTreeSet<NodeAddress>,
}

/// Why a new block is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the new block is refused: {0}")]
pub struct BlockRefused(RuleViolation);

impl From<RuleViolation> for BlockRefused {
    fn from(violation: RuleViolation) -> Self {
        Self(violation)
    }
}

impl Blockchain {
    /// A new chain, whose genesis has this time.
    #[must_use]
    pub fn new(rules: ClassicRules, now: Timestamp) -> Self {
        Self::begin(rules, Block::genesis(now)).expect("our own genesis keeps the rules")
    }

    /// A ledger over an existing chain.
    ///
    /// # Errors
    ///
    /// The first [`RuleViolation`] of an invalid chain.
    pub fn from_blocks(rules: ClassicRules, blocks: Vec<Block<'static>>) -> Result<Self, RuleViolation> {
        let mut blocks = blocks.into_iter();
        let mut ledger = Self::begin(rules, blocks.next().ok_or(RuleViolation::Empty)?)?;
        blocks.try_for_each(|block| ledger.append(block))?;
        Ok(ledger)
    }

    /// A chain that begins with this block.
    pub(super) fn begin(rules: ClassicRules, genesis: Block<'static>) -> Result<Self, RuleViolation> {
        let state = check(None, &genesis, rules, Proofs::Checked)?;
        let (pool, verified, nodes) = (Pool::new(POOL_LIMIT), BTreeMap::new(), BTreeSet::new());
        Ok(Self { rules, blocks: vec![genesis], verified, state, pool, nodes })
    }

    /// Checks a block against the last one and appends it.
    pub(super) fn append(&mut self, block: Block<'static>) -> Result<(), RuleViolation> {
        self.state = check(Some(&self.state), &block, self.rules, Proofs::Checked)?;
        self.blocks.push(block);
        Ok(())
    }

    /// The blocks, genesis first.
    #[must_use]
    pub fn blocks(&self) -> &[Block<'static>] {
        &self.blocks
    }

    /// The last block.
    #[must_use]
    pub fn last_block(&self) -> &Block<'static> {
        self.blocks.last().expect("a chain has at least its genesis")
    }

    /// The payments that wait for a block.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Adds a payment to the pool. Returns the index of the next block.
    ///
    /// # Errors
    ///
    /// [`PoolFull`]; nothing changes.
    pub fn new_transaction(&mut self, payment: VerifiedPayment) -> Result<u64, PoolFull> {
        self.pool.add(payment)?;
        Ok(self.state.tip.height.next().get())
    }

    /// The puzzle that the last block poses.
    #[must_use]
    pub fn puzzle(&self) -> Puzzle {
        self.state.puzzle(self.rules)
    }

    /// Searches for the smallest proof that solves the last block's puzzle; `None` if no 64-bit number does.
    #[must_use]
    pub fn proof_of_work(&self) -> Option<u64> {
        match self.puzzle().search(0..u64::MAX, |_| ControlFlow::Continue(())) {
            Search::Found(proof) => Some(proof),
            Search::Exhausted | Search::Stopped(_) => None,
        }
    }

    /// Whether a proof solves the last block's puzzle.
    #[must_use]
    pub fn valid_proof(&self, proof: u64) -> bool {
        self.puzzle().is_solved_by(proof)
    }

    /// Builds a block from the pool's payments, in order, with the reward last, and appends it.
    ///
    /// # Errors
    ///
    /// [`BlockRefused`] if the proof does not solve the puzzle; nothing changes.
    pub fn new_block(
        &mut self,
        proof: u64,
        reward: Option<Transaction<'static>>,
        now: Timestamp,
    ) -> Result<&Block<'static>, BlockRefused> {
        let payments = self.pool.entries().map(|(_, payment)| &**payment);
        self.append(assemble(&self.state, payments, proof, reward, now))?;
        for (position, (_, payment)) in self.pool.entries().enumerate() {
            self.verified.insert((self.blocks.len() - 1, position), Arc::clone(payment));
        }
        self.pool.clear();
        Ok(self.last_block())
    }

    /// Replaces our chain with a longer valid one. Returns false if it is not longer.
    ///
    /// Payments in our replaced blocks that the new chain lacks return to the front of the pool, as far as it has room, if
    /// they came through our pool: the signatures of others were never verified here. Payments that the new chain holds
    /// leave the pool.
    ///
    /// # Errors
    ///
    /// The first [`RuleViolation`] of a longer chain; nothing changes.
    pub fn adopt_if_longer(&mut self, chain: Vec<Block<'static>>) -> Result<bool, RuleViolation> {
        // Compare first: checking the chain is the expensive part.
        if Weight::from(chain.len() as u64) <= self.state.tip.weight {
            return Ok(false);
        }
        let Self { blocks, state, .. } = Self::from_blocks(self.rules, chain)?;
        let common = self.blocks.iter().zip(&blocks).take_while(|(ours, theirs)| ours == theirs).count();
        self.refill_pool(common, &blocks);
        (self.blocks, self.state) = (blocks, state);
        Ok(true)
    }

    /// Adopts the longest valid chain of several, if it is longer than ours (the tutorial's `resolve_conflicts`). Skips
    /// invalid ones. Returns whether our chain was replaced.
    pub fn resolve(&mut self, chains: impl IntoIterator<Item = Vec<Block<'static>>>) -> bool {
        chains
            .into_iter()
            .fold(false, |replaced, chain| replaced | self.adopt_if_longer(chain).unwrap_or(false))
    }

    fn refill_pool(&mut self, common: usize, chain: &[Block<'static>]) {
        let mut orphans = Orphans::new();
        for payment in self.verified.split_off(&(common, 0)).into_values() {
            orphans.add_named(payment.name(), (None, payment));
        }
        for (number, payment) in self.pool.entries() {
            orphans.add_named(payment.name(), (Some(number), Arc::clone(payment)));
        }
        let mut confirmed = Vec::new();
        for (number, block) in chain.iter().enumerate().skip(common) {
            for (position, payment) in payment_texts(block.text()).enumerate() {
                if let Some((waiting, ours)) = orphans.confirm(payment) {
                    self.verified.insert((number, position), ours);
                    confirmed.extend(waiting);
                }
            }
        }
        // Orphans with a number are still in the pool.
        let from_blocks =
            orphans.into_rest().filter_map(|(waiting, payment)| waiting.is_none().then_some(payment));
        let refill = refill(&self.pool, &confirmed, from_blocks);
        self.pool.remove(confirmed);
        refill.returned.into_iter().for_each(|(number, payment)| self.pool.restore(number, payment));
    }

    /// Registers a peer by `http://host:port` or `host:port`. Returns false if it was known.
    ///
    /// # Errors
    ///
    /// [`NodeAddressError`] for any other text.
    pub fn register_node(&mut self, address: &str) -> Result<bool, NodeAddressError> {
        Ok(self.nodes.insert(address.parse()?))
    }

    /// The peers, sorted.
    #[must_use]
    pub fn nodes(&self) -> &BTreeSet<NodeAddress> {
        &self.nodes
    }
}
