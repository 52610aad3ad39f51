use bytes::Bytes;
use libp2p::PeerId;

/// The next blocks of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The height of the first.
    pub from: u64,
    /// The blocks, one after the other. There is at least one.
    pub blocks: Vec<Bytes>,
    /// Who sent them, and answers for them.
    pub peer: PeerId,
}

impl Chunk {
    /// The height after the last block.
    pub(super) fn end(&self) -> u64 {
        self.from + self.blocks.len() as u64
    }

    /// The blocks' bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.blocks.iter().map(|block| block.len() as u64).sum()
    }
}
