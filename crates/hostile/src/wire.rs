//! The requests and answers of sync, defined again on purpose. The types of `p2p` hold only well-formed values. And tests fail
//! if `p2p` changes the format, which other programs speak, too.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A request of sync.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Asks for the other's tip, and tells the asker's.
    Status(Status),
    /// Asks for the branch after the highest of these hashes that the other has.
    Branch(BranchRequest),
    /// Asks for blocks.
    Page(PageRequest),
    /// Asks for a part of a block that is larger than a page.
    Part(PartRequest),
    /// Asks for other nodes.
    Peers,
}

/// The answer to the request of the same name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Response {
    /// The tip.
    Status(Status),
    /// The tip, the last block that both chains share, and the blocks after it.
    Branch(Branch),
    /// Blocks.
    Page(Page),
    /// Bytes of a block.
    Part(Option<Bytes>),
    /// Other nodes.
    Peers(Vec<NamedPeer>),
    /// Ask later.
    Busy,
}

/// The tip of a chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// The height of the tip.
    pub h: u64,
    /// The hash of the tip.
    pub t: Bytes,
    /// The weight of the chain, big-endian.
    pub w: Bytes,
}

/// Asks for blocks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageRequest {
    /// The height of the first.
    pub from: u64,
    /// How many at most.
    pub count: u32,
    /// Their bytes at most.
    pub bytes: u32,
}

/// Asks for a branch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BranchRequest {
    /// Hashes of the asker's chain, from its tip down.
    pub locator: Vec<Bytes>,
    /// The blocks' bytes at most.
    pub bytes: u32,
}

/// A chain after the last block that it shares with another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Branch {
    /// The tip of the chain.
    pub s: Status,
    /// The last block that both share, if any.
    pub f: Option<ForkPoint>,
    /// The first blocks after it.
    pub p: Page,
}

/// Asks for a part of a block.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartRequest {
    /// The block's hash.
    pub id: Bytes,
    /// Where the part begins.
    pub offset: u64,
    /// Its bytes at most.
    pub bytes: u32,
}

/// The last block that two chains share.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForkPoint {
    /// Its height.
    pub height: u64,
    /// Its hash.
    pub id: Bytes,
}

/// Blocks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// Their texts.
    pub b: Vec<Bytes>,
}

/// A node, and where it listens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NamedPeer {
    /// Its id.
    pub id: Bytes,
    /// Its addresses, in libp2p's binary form.
    pub addresses: Vec<Bytes>,
}
