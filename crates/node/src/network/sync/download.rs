//! The bytes of a peer's chain from the fork point on, as the intake reads them.

use std::time::{Duration, Instant};

use bytes::Bytes;
use ledger_core::Height;
use p2p::{LargeBlock, Network, Page, PageRequest, PeerId};
use tokio::sync::mpsc;

use super::error::SyncError;

/// Bytes of blocks to ask for at a time: as much as peers send.
const PAGE: u32 = 1 << 20;

/// Below this many bytes a second a peer is too slow.
const SLOWEST: u64 = 16 << 10;

/// How long a peer may be slower than that.
const GRACE: Duration = Duration::from_secs(30);

/// A peer's chain on its way to the intake.
pub(super) struct Download<'a> {
    network: &'a Network,
    peer: PeerId,
    /// The largest block to take.
    limit: u64,
    to: mpsc::Sender<Bytes>,
    begun: Instant,
    bytes: u64,
}

/// The receiver of the bytes has found a fault.
pub(super) struct Refused;

impl<'a> Download<'a> {
    /// A download that hands its bytes to `to`.
    pub(super) fn new(network: &'a Network, peer: PeerId, limit: u64, to: mpsc::Sender<Bytes>) -> Self {
        Self { network, peer, limit, to, begun: Instant::now(), bytes: 0 }
    }

    /// Sends a chain that begins with the `first` block, ours, or with the peer's genesis.
    ///
    /// # Errors
    ///
    /// [`SyncError`] if the peer does not send its blocks. `Ok(Err(Refused))` if nobody takes them.
    pub(super) async fn run(
        mut self,
        first: Option<(Height, Bytes)>,
        last: u64,
    ) -> Result<Result<(), Refused>, SyncError> {
        let mut next = first.as_ref().map_or(1, |(height, _)| height.next().get());
        let mut pieces = vec![Bytes::from_static(b"{\"chain\": [")];
        pieces.extend(first.map(|(_, text)| text));
        let mut is_first = next == 1;
        while next <= last {
            let asked = PageRequest { from: next, count: u32::MAX, bytes: PAGE };
            let Page { mut blocks, large } = self.network.page(self.peer, asked).await?;
            if let Some(large) = large {
                blocks.push(self.large_block(large).await?);
            }
            if blocks.is_empty() {
                break;
            }
            next += blocks.len() as u64;
            for block in blocks {
                self.bytes += block.len() as u64;
                if !std::mem::take(&mut is_first) {
                    pieces.push(Bytes::from_static(b", "));
                }
                pieces.push(block);
            }
            self.check_pace()?;
            if self.hand_over(&mut pieces).await.is_err() {
                return Ok(Err(Refused));
            }
        }
        pieces.push(Bytes::from_static(b"]}"));
        Ok(self.hand_over(&mut pieces).await)
    }

    async fn hand_over(&self, pieces: &mut Vec<Bytes>) -> Result<(), Refused> {
        for piece in pieces.drain(..) {
            self.to.send(piece).await.map_err(|_| Refused)?;
        }
        Ok(())
    }

    async fn large_block(&self, block: LargeBlock) -> Result<Bytes, SyncError> {
        if block.length > self.limit {
            return Err(SyncError::TooLarge { length: block.length, limit: self.limit });
        }
        Ok(self.network.large_block(self.peer, block).await?)
    }

    fn check_pace(&self) -> Result<(), SyncError> {
        let due = self.begun.elapsed().saturating_sub(GRACE).as_secs() * SLOWEST;
        if self.bytes < due { Err(SyncError::Slow(SLOWEST)) } else { Ok(()) }
    }
}
