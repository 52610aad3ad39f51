//! A whole ledger in memory, for programs that embed a small one: what the tutorial's class `Blockchain` has.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::classic::ClassicRules;
use crate::classic::Transaction;
use crate::classic::{Block, Puzzle, State, assemble};
use crate::classic::{Fault, Verifier, verify_chain};
use crate::fork::Orphans;
use crate::node_address::{NodeAddress, NodeAddressError};
use crate::payment::VerifiedPayment;
use crate::pool::{Pool, PoolFull};
use crate::position::{Height, Timestamp, Tip, Weight};
use crate::pow::Search;
use crate::seam::{payment_texts, refill};

/// The bytes of payments that may wait.
const POOL_LIMIT: usize = 16 << 20;

/// A chain, its pool and the neighbours it may be compared with. It always has a genesis and is always valid.
///
/// It keeps each block with its canonical text, which takes about twice the memory of the members alone, and the texts of
/// payments that came through its pool once more. The crate's front page shows it at work. The node does not use it: its
/// chain is on disk.
#[derive(Clone, Debug)]
pub struct Blockchain {
    rules: ClassicRules,
    blocks: Vec<Block<'static>>,
    /// The payments in our blocks that came through our pool, by block and place there.
    verified: BTreeMap<(usize, usize), Arc<VerifiedPayment>>,
    tip: Tip,
    pool: Pool,
    nodes: BTreeSet<NodeAddress>,
}

/// Why a new block was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the new block is refused: {0}")]
pub struct BlockRefused(Fault);

impl From<Fault> for BlockRefused {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl Blockchain {
    /// A new chain with a genesis of this time.
    #[must_use]
    pub fn new(rules: ClassicRules, now: Timestamp) -> Self {
        let genesis = Block::genesis(now);
        let tip = Tip::by_length(Height::GENESIS, genesis.proof, genesis.hash());
        Self::with(rules, vec![genesis], tip)
    }

    /// A ledger over an existing chain.
    ///
    /// # Errors
    ///
    /// The first [`Fault`] of a chain that is not valid.
    pub fn from_blocks(rules: ClassicRules, blocks: Vec<Block<'static>>) -> Result<Self, Fault> {
        let tip = verify_chain(rules, &blocks)?;
        Ok(Self::with(rules, blocks, tip))
    }

    pub(crate) fn with(rules: ClassicRules, blocks: Vec<Block<'static>>, tip: Tip) -> Self {
        let (pool, verified, nodes) = (Pool::new(POOL_LIMIT), BTreeMap::new(), BTreeSet::new());
        Self { rules, blocks, verified, tip, pool, nodes }
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

    /// Puts a payment in the pool and answers the index of the block that will hold it.
    ///
    /// # Errors
    ///
    /// [`PoolFull`]; nothing changed.
    pub fn new_transaction(&mut self, payment: VerifiedPayment) -> Result<u64, PoolFull> {
        self.pool.add(payment)?;
        Ok(self.tip.height.next().get())
    }

    /// The puzzle that the last block poses.
    #[must_use]
    pub fn puzzle(&self) -> Puzzle {
        self.tip.puzzle(self.rules)
    }

    /// Searches the smallest proof that may follow the last block; none if no 64-bit number solves the puzzle.
    #[must_use]
    pub fn proof_of_work(&self) -> Option<u64> {
        match self.puzzle().search(0..u64::MAX, |_| ControlFlow::Continue(())) {
            Search::Found(proof) => Some(proof),
            Search::Exhausted | Search::Stopped(_) => None,
        }
    }

    /// Whether a proof may follow the last block.
    #[must_use]
    pub fn valid_proof(&self, proof: u64) -> bool {
        self.puzzle().is_solved_by(proof)
    }

    /// Makes a block of the pool's payments, in order, and the reward, which comes last, and appends it.
    ///
    /// # Errors
    ///
    /// [`BlockRefused`] if the proof does not solve the puzzle; nothing changed.
    pub fn new_block(
        &mut self,
        proof: u64,
        reward: Option<Transaction<'static>>,
        now: Timestamp,
    ) -> Result<&Block<'static>, BlockRefused> {
        let state = State { tip: self.tip, proof: self.tip.proof };
        let payments = self.pool.entries().map(|(_, payment)| &**payment);
        let block = assemble(&state, payments, proof, reward, now);
        self.tip = Verifier::resume(self.rules, self.tip).push(&block)?;
        for (position, (_, payment)) in self.pool.entries().enumerate() {
            self.verified.insert((self.blocks.len(), position), Arc::clone(payment));
        }
        self.pool.clear();
        self.blocks.push(block);
        Ok(self.last_block())
    }

    /// Replaces our chain by a longer valid one; false if it is not longer.
    ///
    /// Payments that came through our pool and that the new chain lacks wait in the pool again, ahead of the others, as
    /// far as it has room; payments that the chain holds wait no more. What stood in our replaced blocks without having
    /// come through our pool is not ours to return: nobody here verified its signature.
    ///
    /// # Errors
    ///
    /// The first [`Fault`] of a longer chain; nothing changed.
    pub fn adopt_if_longer(&mut self, chain: Vec<Block<'static>>) -> Result<bool, Fault> {
        // One that is not heavier need not be checked.
        if Weight::from(chain.len() as u64) <= self.tip.weight {
            return Ok(false);
        }
        let tip = verify_chain(self.rules, &chain)?;
        let common = self.blocks.iter().zip(&chain).take_while(|(ours, theirs)| ours == theirs).count();
        self.refill_pool(common, &chain);
        (self.blocks, self.tip) = (chain, tip);
        Ok(true)
    }

    /// Takes the longest valid chain of several, if it is longer than ours (the tutorial's `resolve_conflicts`);
    /// invalid ones are passed over. Answers whether our chain was replaced.
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
        // Those of the pool are still there.
        let of_blocks =
            orphans.into_rest().filter_map(|(waiting, payment)| waiting.is_none().then_some(payment));
        let back = refill(&self.pool, &confirmed, of_blocks);
        self.pool.remove(confirmed);
        back.returned.into_iter().for_each(|(number, payment)| self.pool.restore(number, payment));
    }

    /// Notes a neighbour by `http://host:port` or `host:port`; false if it was known.
    ///
    /// # Errors
    ///
    /// [`NodeAddressError`] for a text that is neither.
    pub fn register_node(&mut self, address: &str) -> Result<bool, NodeAddressError> {
        Ok(self.nodes.insert(address.parse()?))
    }

    /// The neighbours, sorted.
    #[must_use]
    pub fn nodes(&self) -> &BTreeSet<NodeAddress> {
        &self.nodes
    }
}
