//! Fetches the peers' chain from the fork point on, checks it while it arrives, and switches to it if it wins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ledger_core::{ForkPoint, Height, Tip};
use p2p::{Branch, Chunk, Download, DownloadError, DownloadSettings, Network, PeerId};
use tokio::sync::mpsc;

use super::error::{Failed, SyncError};
use super::links::RuleLinks;
use super::progress::{Progress, Running};
use crate::ledger::{Adoption, BlockIntake, IntakeError, Ledger};
use crate::network::tips::{hash_of, id_of};
use crate::store::blocks;
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
    /// What the lead has sent of it: where it parts from ours, and its first blocks after that.
    pub(super) branch: Branch,
    /// Peers that turn out to have it, too.
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
        let (intake, height) = self.begin().await.map_err(by_lead)?;
        let mut running = self.progress.begin(height.map_or(0, Height::get), self.claimed.height.get());
        let intake = self.first_page(intake).await.map_err(by_lead)?;
        let Fetched { intake, sender } = self.fetch(intake, &mut running).await?;
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

    /// An intake that has our block at the fork point, and that block's height.
    async fn begin(&self) -> Result<(BlockIntake, Option<Height>), SyncError> {
        let ForkPoint::Block { height, hash } = shared(&self.ledger, self.branch.fork).await? else {
            return Ok((BlockIntake::new(&self.ledger, Height::GENESIS), None));
        };
        let ledger = self.ledger.clone();
        let begun = blocking(CHECKING, move || BlockIntake::after(&ledger, height, hash));
        Ok((begun.await??, Some(height)))
    }

    /// Takes in the blocks that the lead has sent already. Usually there are no others.
    async fn first_page(&mut self, mut intake: BlockIntake) -> Result<BlockIntake, SyncError> {
        let blocks = std::mem::take(&mut self.branch.page.blocks);
        let take = move || blocks.iter().try_for_each(|block| intake.take(block)).map(|()| intake);
        Ok(blocking(CHECKING, take).await??)
    }

    /// A download of the blocks after those that the intake has.
    fn download(&self, last: Option<Tip>) -> Download {
        let settings = DownloadSettings {
            block_bytes: self.ledger.rules().limits().block_bytes as u64,
            ..DownloadSettings::default()
        };
        let heights = (last.map_or(1, |last| last.height.next().get()), self.claimed.height.get());
        let peers = std::iter::once(self.lead).chain(self.helpers.iter().copied());
        let links = Arc::new(RuleLinks(Arc::clone(self.ledger.rules())));
        let source = Arc::new(self.network.clone());
        Download::new(settings, heights, last.map(|last| id_of(&last.hash)), peers, (source, links))
    }

    /// Fetches the rest of the blocks and takes them in. Blocks that break a rule are requested again from other peers.
    async fn fetch(&mut self, mut intake: BlockIntake, running: &mut Running) -> Result<Fetched, Failed> {
        let (mut sender, begun, mut bytes) = (self.lead, Instant::now(), 0);
        let mut download = self.download(intake.tip());
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

    /// The error of a failed download, with the peer that answers for it.
    fn ended(&self, error: DownloadError) -> Failed {
        let peer = match &error {
            DownloadError::Parted { sender: Some(sender), .. } => *sender,
            _ => self.lead,
        };
        Failed { peer, error: error.into() }
    }
}

/// The result of checking a chunk.
struct Checked {
    intake: BlockIntake,
    chunk: Chunk,
    /// Why the first invalid block is refused.
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

/// The last block that both chains share, as far as the locator tells: the peer may name an earlier one.
async fn shared(ledger: &Ledger, named: Option<p2p::ForkPoint>) -> Result<ForkPoint, SyncError> {
    let Some(point) = named else { return Ok(ForkPoint::Nothing) };
    let (reading, hash) = (ledger.clone(), hash_of(&point.id));
    let ours = move || reading.readers().snapshot(|snapshot| blocks::height_of(snapshot, hash));
    let ours = blocking("finding a fork point", ours).await??;
    match Height::new(point.height).filter(|_| ours == Some(point.height)) {
        Some(height) => Ok(ForkPoint::Block { height, hash }),
        // Ours was replaced since the locator was made, or the peer named a block that is not in it.
        None if ours.is_none() => Err(IntakeError::Parted(Height::GENESIS).into()),
        None => Err(SyncError::ForkPoint(point.height)),
    }
}
