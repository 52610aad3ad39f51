use bytes::Bytes;
use futures_util::future::BoxFuture;
use libp2p::PeerId;

use crate::{
    ids::{BlockId, RelayId},
    wire::{Branch, Locator, Page, PageRequest, Status},
};

/// A payment that arrived.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Its bytes, as its origin sent them.
    pub data: Bytes,
    /// The node that sent it first, and that node's number for it.
    pub relay: RelayId,
    /// The peer that passed it on, and answers for it.
    pub from: PeerId,
}

/// A block that arrived.
#[derive(Debug, Clone)]
pub struct ArrivedBlock {
    /// Its bytes.
    pub data: Bytes,
    /// The peer that passed it on, and answers for it.
    pub from: PeerId,
}

/// A block that a peer announced, since it is too large to travel whole.
#[derive(Debug, Clone)]
pub struct AnnouncedBlock {
    /// Its id, as the peer claims.
    pub id: BlockId,
    /// Its first bytes, at most 256.
    pub beginning: Bytes,
    /// The peer that announced it.
    pub from: PeerId,
}

/// The verdict on a payment or block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is valid and new: pass it on.
    Accept,
    /// Do not pass it on, and blame nobody: it is old, its parent is unknown, or we are too busy.
    Ignore,
    /// It breaks a rule that the sender could check. Do not pass it on, and charge the sender for it.
    Reject,
}

/// What the user of the network must implement: it judges what arrives, and reads the chain for peers.
///
/// Each request returns a future that runs on the network's own thread. It must not block that thread: hand the work to
/// another one and await the answer. The number of requests at a time is bounded by [`Limits`](crate::Limits), and each has
/// a time limit; a future that is late is dropped.
pub trait Application: Send + Sync + 'static {
    /// Judges a payment that another node sent.
    fn judge_payment(&self, payment: Payment) -> BoxFuture<'static, Verdict>;

    /// Whether to fetch a block that is too large to travel whole.
    fn wants(&self, block: AnnouncedBlock) -> BoxFuture<'static, bool>;

    /// Judges a block that another node sent.
    fn judge_block(&self, block: ArrivedBlock) -> BoxFuture<'static, Verdict>;

    /// The tip of our chain.
    fn status(&self) -> BoxFuture<'static, Status>;

    /// What our chain has after the highest block that the locator names, with at most `bytes` bytes of blocks: all read at one
    /// moment, so that the blocks follow the fork point. `None` if it cannot be read now.
    fn branch(&self, locator: Locator, bytes: u32) -> BoxFuture<'static, Option<Branch>>;

    /// Blocks of ours, within the requested bounds.
    fn page(&self, asked: PageRequest) -> BoxFuture<'static, Page>;

    /// At most `bytes` bytes of one block of ours, from `offset` on. `None` if the block is not ours.
    fn part(&self, block: BlockId, offset: u64, bytes: u32) -> BoxFuture<'static, Option<Bytes>>;
}
