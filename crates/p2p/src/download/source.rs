use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use libp2p::PeerId;

use crate::{
    error::AskError,
    ids::BlockId,
    network::Network,
    peers::Offence,
    wire::{LargeBlock, Page, PageRequest},
};

/// Where blocks come from: peers that have the same chain. [`Network`] is one.
pub trait Source: Send + Sync {
    /// Asks a peer for blocks, as [`Network::page`] does.
    fn page(&self, peer: PeerId, asked: PageRequest) -> BoxFuture<'static, Result<Page, AskError>>;

    /// Fetches a block that does not fit a page, as [`Network::large_block`] does.
    fn large_block(&self, peer: PeerId, block: LargeBlock) -> BoxFuture<'static, Result<Bytes, AskError>>;

    /// Charges a peer with what it did, as [`Network::report`] does.
    fn report(&self, peer: PeerId, offence: Offence, why: String) -> BoxFuture<'static, ()>;
}

impl Source for Network {
    fn page(&self, peer: PeerId, asked: PageRequest) -> BoxFuture<'static, Result<Page, AskError>> {
        let network = self.clone();
        async move { Self::page(&network, peer, asked).await }.boxed()
    }

    fn large_block(&self, peer: PeerId, block: LargeBlock) -> BoxFuture<'static, Result<Bytes, AskError>> {
        let network = self.clone();
        async move { Self::large_block(&network, peer, block).await }.boxed()
    }

    fn report(&self, peer: PeerId, offence: Offence, why: String) -> BoxFuture<'static, ()> {
        let network = self.clone();
        async move { Self::report(&network, peer, offence, &why).await }.boxed()
    }
}

/// How blocks name each other: the part of the rules that a download needs. A download checks nothing else about a block.
pub trait Links: Send + Sync {
    /// The hash of a block.
    fn id(&self, block: &[u8]) -> BlockId;

    /// The hash that a block names as its parent's. `None` if these bytes are not a block.
    fn parent(&self, block: &[u8]) -> Option<BlockId>;
}
