use libp2p::PeerId;
use thiserror::Error;

/// Why a download ends before its last block.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// All peers failed, each for its own reason. This is the last one.
    #[error("no peer is left to ask for block {height}: {last}")]
    NoPeers {
        /// The height of the next block.
        height: u64,
        /// Why the last peer was given up.
        last: String,
    },
    /// What all peers have at this height does not follow the block before it. They, or the sender of that block, are on
    /// another chain.
    #[error("the peers' block {height} does not follow the block before it")]
    Parted {
        /// The height.
        height: u64,
        /// Who sent the block before. `None` if the download began after that block.
        sender: Option<PeerId>,
    },
}
