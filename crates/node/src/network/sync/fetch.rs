//! Fetches the peers' chain from the fork point on, checks it while it arrives, and switches to it if it wins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use ledger_core::{BlockHash, ForkPoint, Height, Tip};
use p2p::{Chunk, Download, DownloadError, DownloadSettings, Locator, Network, PeerId};
use tokio::sync::mpsc;

use super::error::{Failed, SyncError};
use super::links::RuleLinks;
use super::progress::{Progress, Running};
use crate::ledger::{Adoption, BlockIntake, IntakeError, Ledger};
use crate::network::serve;
use crate::network::tips::{hash_of, id_of};
use crate::store::{StoreError, blocks};
use crate::system::causes::with_causes;
use crate::system::threads::blocking;

/// The work that a panic's message names.
const CHECKING: &str = "checking a chain";

/// Below this many bytes a second all peers together are too slow.
const SLOWEST: u64 = 16 << 10;

/// How long they may be slower than that.
const GRACE: Duration = Duration::from_secs(30);

/// A sync with peers that claim to have one chain.
pub(super) struct Fetch {
    pub(super) ledger: Ledger,
    pub(super) network: Network,
    /// The peer that named the chain first.
    pub(super) lead: PeerId,
    /// Others that have it.
    pub(super) helpers: Vec<PeerId>,
    /// The tip of the chain.
    pub(super) claimed: Tip,
    /// Peers of which it becomes known that they have it.
    pub(super) joining: mpsc::Receiver<PeerId>,
    pub(super) progress: Progress,
}

/// A chain that was fetched and checked, and the peer that sent its last block.
struct Fetched {
    intake: BlockIntake,
    sender: PeerId,
}

impl Fetch {
    /// Fetches the chain and switches to it. Returns `None` if ours has caught up meanwhile.
    ///
    /// # Errors
    ///
    /// [`Failed`]; then our chain is as before.
    pub(super) async fn switch(mut self) -> Result<Option<Adoption>, Failed> {
        let lead = self.lead;
        let by_lead = |error: SyncError| Failed { peer: lead, error };
        self.ledger.check_takes_changes().map_err(SyncError::from).map_err(by_lead)?;
        let (intake, height, parent) = self.begin().await.map_err(by_lead)?;
        let mut running = self.progress.begin(height.map_or(0, Height::get), self.claimed.height.get());
        let download = self.download(height, parent);
        let Fetched { intake, sender } = self.fetch(download, intake, &mut running).await?;
        running.adopting();
        let end = intake.tip();
        // Runs to its end even if the caller is dropped.
        let adopted = blocking("adopting a chain", move || {
            let candidate = intake.finish()?;
            candidate.map(|candidate| candidate.adopt()).transpose().map_err(SyncError::from)
        });
        let by_sender = |error| Failed { peer: sender, error };
        match adopted.await.map_err(SyncError::from).flatten().map_err(by_sender)? {
            Some(adoption) => Ok(adoption),
            None if end.is_none_or(|end| end.weight < self.claimed.weight) => {
                Err(by_sender(SyncError::Lighter))
            }
            None => Ok(None),
        }
    }

    /// An intake that has our block at the fork point, with that block's height and hash.
    async fn begin(&self) -> Result<(BlockIntake, Option<Height>, Option<BlockHash>), SyncError> {
        let ForkPoint::Block { height, hash } = fork_point(&self.ledger, &self.network, self.lead).await?
        else {
            return Ok((BlockIntake::new(&self.ledger, Height::GENESIS), None, None));
        };
        let (text, mut intake) =
            (our_block(&self.ledger, hash).await?, BlockIntake::new(&self.ledger, height));
        let begun = blocking(CHECKING, move || intake.take(&text).map(|()| intake));
        Ok((begun.await??, Some(height), Some(hash)))
    }

    fn download(&self, after: Option<Height>, parent: Option<BlockHash>) -> Download {
        let settings = DownloadSettings {
            block_bytes: self.ledger.rules().limits().block_bytes as u64,
            ..DownloadSettings::default()
        };
        let heights = (after.map_or(1, |height| height.next().get()), self.claimed.height.get());
        let peers = std::iter::once(self.lead).chain(self.helpers.iter().copied());
        let links = Arc::new(RuleLinks(Arc::clone(self.ledger.rules())));
        let source = Arc::new(self.network.clone());
        Download::new(settings, heights, parent.map(|hash| id_of(&hash)), peers, (source, links))
    }

    /// Takes in the blocks. Those that break a rule come again from other peers.
    async fn fetch(
        &mut self,
        mut download: Download,
        mut intake: BlockIntake,
        running: &mut Running,
    ) -> Result<Fetched, Failed> {
        let (mut sender, begun, mut bytes) = (self.lead, Instant::now(), 0);
        while let Some(chunk) = download.next().await.map_err(|error| self.ended(error))? {
            let peer = chunk.peer;
            bytes += chunk.blocks.iter().map(|block| block.len() as u64).sum::<u64>();
            if bytes < begun.elapsed().saturating_sub(GRACE).as_secs() * SLOWEST {
                return Err(Failed { peer, error: SyncError::Slow(SLOWEST) });
            }
            let checked = blocking(CHECKING, move || check(intake, chunk)).await;
            let Checked { intake: back, chunk, refused } =
                checked.map_err(|panicked| Failed { peer, error: panicked.into() })?;
            intake = back;
            match refused {
                None => sender = peer,
                // No other peer can help.
                Some(error) if error.is_ours() => return Err(Failed { peer, error: error.into() }),
                Some(error) => refuse(&mut download, &chunk, intake.tip(), &error),
            }
            running.reached(intake.tip().map_or(0, |tip| tip.height.get()));
            while let Ok(peer) = self.joining.try_recv() {
                download.add_peer(peer);
            }
        }
        Ok(Fetched { intake, sender })
    }

    /// The peer that answers for the end of a download.
    fn ended(&self, error: DownloadError) -> Failed {
        let peer = match &error {
            DownloadError::Parted { sender: Some(sender), .. } => *sender,
            _ => self.lead,
        };
        Failed { peer, error: error.into() }
    }
}

/// What became of blocks.
struct Checked {
    intake: BlockIntake,
    chunk: Chunk,
    /// Why the first block is refused that is.
    refused: Option<IntakeError>,
}

fn check(mut intake: BlockIntake, chunk: Chunk) -> Checked {
    let refused = chunk.blocks.iter().try_for_each(|block| intake.take(block)).err();
    Checked { intake, chunk, refused }
}

/// Asks others for the blocks of a chunk after the last valid one.
fn refuse(download: &mut Download, chunk: &Chunk, valid: Option<Tip>, error: &IntakeError) {
    let next = valid.map_or(1, |tip| tip.height.next().get());
    download.refuse(chunk, next, valid.map(|tip| id_of(&tip.hash)), with_causes(error).to_string());
}

/// Asks for the last block that both chains share, as far as a locator tells: the peer may name an earlier one.
async fn fork_point(ledger: &Ledger, network: &Network, peer: PeerId) -> Result<ForkPoint, SyncError> {
    let locating = ledger.clone();
    let locator = blocking("making a locator", move || locator(&locating)).await??;
    let Some(point) = network.fork_point(peer, locator).await? else { return Ok(ForkPoint::Nothing) };
    let (reading, hash) = (ledger.clone(), hash_of(&point.id));
    let ours = move || reading.readers().snapshot(|snapshot| blocks::height_of(snapshot, hash));
    let ours = blocking("finding a fork point", ours).await??;
    match Height::new(point.height).filter(|_| ours == Some(point.height)) {
        Some(height) => Ok(ForkPoint::Block { height, hash }),
        // Ours was replaced since the locator was made, or the peer is wrong about its own answer.
        None if ours.is_none() => Err(IntakeError::Parted(Height::GENESIS).into()),
        None => Err(SyncError::ForkPoint(point.height)),
    }
}

/// Hashes of our chain, from the tip down, in strides that double.
fn locator(ledger: &Ledger) -> Result<Locator, StoreError> {
    ledger.readers().snapshot(|snapshot| {
        let tip = blocks::length(snapshot)?;
        let hashes = Locator::heights(tip, 1).map(|height| blocks::hash_at(snapshot, height));
        let hashes: Result<Vec<Option<BlockHash>>, _> = hashes.collect();
        Ok(Locator::new(hashes?.into_iter().flatten().map(|hash| id_of(&hash))))
    })
}

/// The text of a block of ours. The intake begins with it, so the peer need not send it.
async fn our_block(ledger: &Ledger, hash: BlockHash) -> Result<Bytes, SyncError> {
    let ledger = ledger.clone();
    let text = blocking("reading the fork point", move || serve::block(&ledger, hash)).await??;
    text.ok_or_else(|| IntakeError::Parted(Height::GENESIS).into())
}
