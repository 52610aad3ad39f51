use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bytes::Bytes;
use ledger_core::{
    PaymentName, Tip, VerifiedPayment,
    seam::{AnyState, RuleSet, payment_texts, testing},
};
use p2p::BlockId;

use crate::world::World;

/// Bytes of a block's text that say which block it follows.
const BEGINNING: usize = 200;

/// A chain and its pool. Blocks that were replaced give their payments back to the pool.
pub(super) struct Chain {
    world: Arc<World>,
    links: Vec<Link>,
    verified: HashMap<PaymentName, VerifiedPayment>,
    waiting: BTreeMap<u64, PaymentName>,
    arrived: u64,
}

/// A valid block, with the state after it.
struct Link {
    tip: Tip,
    state: AnyState,
    text: Bytes,
}

/// What became of a block that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is our tip now.
    Appended,
    /// Its chain may be longer than ours.
    Ahead,
    /// It is old, or a rival of our tip.
    Other,
    /// It breaks a rule.
    Invalid,
}

impl Chain {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let (genesis, state) = world.rules.genesis(World::now());
        let text = world.share(id(&genesis.tip()), genesis.text().as_bytes());
        let links = vec![Link { tip: genesis.tip(), state, text }];
        Self { world, links, verified: HashMap::new(), waiting: BTreeMap::new(), arrived: 0 }
    }

    pub(crate) fn tip(&self) -> Tip {
        self.last().tip
    }

    fn last(&self) -> &Link {
        self.links.last().expect("a chain has its genesis")
    }

    fn rules(&self) -> &Arc<dyn RuleSet> {
        &self.world.rules
    }

    /// Appends a block if it follows our tip.
    pub(crate) fn take(&mut self, block: &[u8]) -> Taken {
        let Some(glance) = self.rules().glance(&block[..block.len().min(BEGINNING)]) else {
            return Taken::Invalid;
        };
        let tip = self.tip();
        if glance.previous != Some(tip.hash) {
            let is_ahead = glance.height > tip.height.get();
            return if is_ahead { Taken::Ahead } else { Taken::Other };
        }
        let Some(link) = self.check(self.last(), block) else { return Taken::Invalid };
        self.push(link);
        Taken::Appended
    }

    /// Switches to the chain of these blocks after a height of ours, if it wins. Returns whether it did.
    pub(crate) fn adopt(&mut self, after: u64, blocks: &[Bytes]) -> bool {
        let Some(fork) = self.links.get(after as usize - 1) else { return false };
        let mut links: Vec<Link> = Vec::new();
        for block in blocks {
            let Some(link) = self.check(links.last().unwrap_or(fork), block) else { return false };
            links.push(link);
        }
        let tip = links.last().unwrap_or(fork).tip;
        if !self.rules().wins(&tip, &self.tip()) {
            return false;
        }
        for replaced in self.links.split_off(after as usize) {
            names(&replaced.text).for_each(|name| self.wait(name));
        }
        links.into_iter().for_each(|link| self.push(link));
        true
    }

    fn check(&self, before: &Link, block: &[u8]) -> Option<Link> {
        let (block, state) = self.rules().check_next(&before.state, block, World::now()).ok()?.into_parts();
        let text = self.world.share(id(&block.tip()), block.text().as_bytes());
        Some(Link { tip: block.tip(), state, text })
    }

    fn push(&mut self, link: Link) {
        let paid: Vec<_> = names(&link.text).collect();
        self.waiting.retain(|_, name| !paid.contains(name));
        self.world.note(id(&link.tip));
        self.links.push(link);
    }

    fn wait(&mut self, name: PaymentName) {
        if self.verified.contains_key(&name) {
            self.arrived += 1;
            self.waiting.insert(self.arrived, name);
        }
    }

    /// Puts a new payment into the pool.
    pub(crate) fn add(&mut self, payment: VerifiedPayment) {
        let name = payment.name();
        if self.verified.insert(name, payment).is_none() {
            self.wait(name);
        }
    }

    /// Mines a block of all payments that wait, and appends it.
    pub(crate) fn mine(&mut self, miner: &str) -> (BlockId, Bytes) {
        let payments = self.waiting.values().map(|name| self.verified[name].clone()).collect();
        let (block, state) =
            testing::mined(&**self.rules(), &self.last().state, miner, payments).into_parts();
        let text = self.world.share(id(&block.tip()), block.text().as_bytes());
        self.push(Link { tip: block.tip(), state, text: text.clone() });
        (id(&self.tip()), text)
    }

    /// The height of a block, if it is ours.
    pub(crate) fn height_of(&self, block: &BlockId) -> Option<u64> {
        self.links.iter().rev().find(|link| id(&link.tip) == *block).map(|link| link.tip.height.get())
    }

    /// The hash of our block at a height.
    pub(crate) fn id_at(&self, height: u64) -> Option<BlockId> {
        self.links.get(height as usize - 1).map(|link| id(&link.tip))
    }

    /// Our blocks from a height on.
    pub(crate) fn blocks_from(&self, height: u64) -> impl Iterator<Item = &Bytes> {
        self.links.iter().skip(height as usize - 1).map(|link| &link.text)
    }
}

/// A tip as the network names it.
pub(crate) fn id(tip: &Tip) -> BlockId {
    BlockId(*tip.hash.as_bytes())
}

/// The names of the payments of a block, rewards included.
fn names(block: &[u8]) -> impl Iterator<Item = PaymentName> {
    payment_texts(std::str::from_utf8(block).unwrap_or_default()).map(PaymentName::of_text)
}
