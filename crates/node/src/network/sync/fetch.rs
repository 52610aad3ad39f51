//! Fetches one peer's chain from the fork point on, checks it while it arrives, and switches to it if it wins.

use bytes::Bytes;
use ledger_core::{BlockHash, ForkPoint, Height, Tip};
use p2p::{Locator, Network, PeerId};
use tokio::sync::mpsc;

use super::download::{Download, Refused};
use super::error::SyncError;
use crate::ledger::{Adoption, Candidate, Intake, IntakeError, Ledger};
use crate::network::serve;
use crate::network::tips::{hash_of, id_of};
use crate::store::{StoreError, blocks};
use crate::system::threads::blocking;

/// Pieces of a chain that wait for their check.
const QUEUE: usize = 64;

/// A chain that was fetched and checked.
struct Fetched {
    tip: Option<Tip>,
    candidate: Option<Candidate>,
}

/// Fetches a peer's chain and switches to it. Returns `None` if ours has caught up meanwhile.
///
/// # Errors
///
/// [`SyncError`]; then our chain is as before.
pub(super) async fn switch(
    ledger: &Ledger,
    network: &Network,
    peer: PeerId,
    claimed: Tip,
) -> Result<Option<Adoption>, SyncError> {
    ledger.check_takes_changes()?;
    let Fetched { tip, candidate } = fetch(ledger, network, peer, claimed).await?;
    let Some(candidate) = candidate else {
        let is_lighter = tip.is_none_or(|tip| tip.weight < claimed.weight);
        return if is_lighter { Err(SyncError::Lighter) } else { Ok(None) };
    };
    // Runs to its end even if the caller is dropped.
    Ok(blocking("adopting a chain", move || candidate.adopt()).await??)
}

/// Fetches and checks a peer's chain. The first error ends the download.
async fn fetch(ledger: &Ledger, network: &Network, peer: PeerId, claimed: Tip) -> Result<Fetched, SyncError> {
    let (from, first) = match fork_point(ledger, network, peer).await? {
        ForkPoint::Nothing => (Height::GENESIS, None),
        ForkPoint::Block { height, hash } => (height, Some((height, our_block(ledger, hash).await?))),
    };
    let (to, queue) = mpsc::channel(QUEUE);
    let intake = Intake::new(ledger, from);
    let checking = blocking("checking a chain", move || check(intake, queue));
    let limit = ledger.rules().limits().block_bytes as u64;
    let downloaded = Download::new(network, peer, limit, to).run(first, claimed.height.get()).await;
    // After a failed download the check only finds a truncated chain. Report the download's error first.
    let checked = checking.await?;
    match downloaded? {
        Ok(()) | Err(Refused) => Ok(checked?),
    }
}

fn check(mut intake: Intake, mut queue: mpsc::Receiver<Bytes>) -> Result<Fetched, IntakeError> {
    while let Some(piece) = queue.blocking_recv() {
        intake.feed(&piece)?;
    }
    let tip = intake.tip();
    Ok(Fetched { tip, candidate: intake.finish()? })
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
