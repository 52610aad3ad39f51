use std::time::Duration;

use crate::rate::Rate;

/// The bounds of a download.
#[derive(Debug, Clone)]
pub struct DownloadSettings {
    /// Bytes of the blocks of one page, at most 4 GiB.
    pub page_bytes: u32,
    /// Bytes of blocks that are asked for or wait until those before them have come. Two pages and one large block more may
    /// be in memory.
    pub window_bytes: u64,
    /// Open requests to one peer.
    pub open_per_peer: usize,
    /// Rate of requests to one peer: less than it answers, [`SyncLimits::per_peer`](crate::SyncLimits).
    pub requests: Rate,
    /// The largest block.
    pub block_bytes: u64,
    /// Minimum wait for the next block before the download asks a second peer for it.
    pub patience: Duration,
    /// How long the download leaves a busy peer alone.
    pub rest: Duration,
}

impl Default for DownloadSettings {
    fn default() -> Self {
        Self {
            page_bytes: 1 << 20,
            window_bytes: 16 << 20,
            open_per_peer: 3,
            requests: Rate::new(160.0, 300.0),
            block_bytes: 32 << 20,
            patience: Duration::from_secs(1),
            rest: Duration::from_millis(250),
        }
    }
}
