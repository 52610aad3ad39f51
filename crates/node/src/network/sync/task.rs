//! The task that keeps our chain up with the peers' chains.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, LocalBoxFuture};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use ledger_core::Tip;
use p2p::{BlockId, Event, Events, Network, PeerId};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use super::error::{Failed, SyncError};
use super::fetch::Fetch;
use super::progress::Progress;
use super::standing::Standings;
use crate::events::{Change, Heard, Listener, Origin};
use crate::ledger::{Adoption, Ledger};
use crate::network::known;
use crate::network::log::Lines;
use crate::network::tips::id_of;
use crate::system::causes::with_causes;
use crate::system::threads::blocking;

/// How often all peers are asked where their chains stand. Gossip may lose a block; this finds it.
const ROUND: Duration = Duration::from_secs(5);

/// Peers that may join a sync before it asks for them.
const JOINING: usize = 16;

/// The end of a sync, the peer that named its tip, and the tip.
type Synced = (PeerId, Tip, Result<Option<Adoption>, Failed>);

/// Asks peers where their chains stand, and fetches one chain at a time.
pub(in crate::network) struct Task {
    ledger: Ledger,
    network: Network,
    standings: Standings,
    /// Peers that are being asked, and whether to ask them once more: our tip has changed since.
    asked: HashMap<PeerId, bool>,
    asking: FuturesUnordered<BoxFuture<'static, PeerId>>,
    /// At most one.
    syncing: FuturesUnordered<LocalBoxFuture<'static, Synced>>,
    /// The hash of the tip that is fetched, and the way for peers that have it, too.
    joining: Option<(BlockId, mpsc::Sender<PeerId>)>,
    progress: Progress,
    lines: Lines,
    /// The data directory, which keeps the known peers.
    directory: PathBuf,
    /// Whether the known peers have changed since they were written.
    is_unsaved: bool,
}

impl Task {
    pub(in crate::network) fn new(
        ledger: Ledger,
        network: Network,
        directory: PathBuf,
        progress: Progress,
    ) -> Self {
        Self {
            ledger,
            network,
            standings: Standings::default(),
            asked: HashMap::new(),
            asking: FuturesUnordered::new(),
            syncing: FuturesUnordered::new(),
            joining: None,
            progress,
            lines: Lines::default(),
            directory,
            is_unsaved: false,
        }
    }

    /// Runs until the network or the ledger ends. `ahead` names peers that sent a block above our tip.
    pub(in crate::network) async fn run(
        mut self,
        mut events: Events,
        mut ahead: mpsc::Receiver<PeerId>,
        mut changes: Listener,
    ) {
        let mut round = interval(ROUND);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wake = self.wake_at();
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.on_event(event).await,
                    None => return tracing::info!("p2p: ended"),
                },
                Some(peer) = ahead.recv() => self.ask(peer),
                heard = changes.next() => match heard {
                    Heard::Event(event) if is_news(&event.change) => self.ask_all().await,
                    Heard::Event(_) => {}
                    Heard::Lagged(_) => self.ask_all().await,
                    Heard::Ended => return,
                },
                _ = round.tick() => {
                    self.ask_all().await;
                    self.save_peers().await;
                }
                Some(peer) = self.asking.next() => self.on_asked(peer),
                Some(synced) = self.syncing.next() => self.on_synced(synced).await,
                () = sleep_until(wake.unwrap_or_else(Instant::now).into()), if wake.is_some() => {}
            }
            self.sync();
        }
    }

    /// When a peer that failed may be tried again.
    fn wake_at(&self) -> Option<Instant> {
        let next = || self.standings.next(&**self.ledger.rules(), &self.ledger.tip());
        self.syncing.is_empty().then(next)?
    }

    async fn on_event(&mut self, event: Event) {
        match &event {
            Event::Joined { peer, .. } => self.ask(*peer),
            Event::Status { peer, status } => {
                self.standings.note(*peer, status, Instant::now());
                self.join(*peer, status.tip);
            }
            Event::Left(peer) => self.standings.forget(peer),
            Event::Lagged(_) => self.ask_all().await,
            _ => {}
        }
        self.is_unsaved |= matches!(event, Event::Joined { .. } | Event::Left(_) | Event::Banned { .. });
        self.lines.event(&self.network.id(), &event);
    }

    /// Writes the known peers if some came, left or were banned.
    async fn save_peers(&mut self) {
        if !std::mem::take(&mut self.is_unsaved) {
            return;
        }
        let (peers, directory) = (self.network.known_peers().await, self.directory.clone());
        let written = blocking("saving the known peers", move || known::write(&directory, &peers)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.lines.unsaved(&error),
            Err(panicked) => tracing::error!("{panicked}"),
        }
    }

    /// Tells all peers where our chain stands, and asks where theirs do.
    async fn ask_all(&mut self) {
        let peers = self.network.peers().await;
        let connected: Vec<PeerId> =
            peers.into_iter().filter(|peer| peer.direction.is_some()).map(|peer| peer.id).collect();
        self.standings.retain(|peer| connected.contains(peer));
        connected.into_iter().for_each(|peer| self.ask(peer));
    }

    /// Tells a peer where our chain stands, and asks where its does. The answer comes as an event.
    fn ask(&mut self, peer: PeerId) {
        if let Some(again) = self.asked.get_mut(&peer) {
            *again = true;
            return;
        }
        self.asked.insert(peer, false);
        let network = self.network.clone();
        let ask = async move {
            if let Err(error) = network.status(peer).await {
                tracing::debug!("no status: {}", with_causes(&error));
            }
            peer
        };
        self.asking.push(ask.boxed());
    }

    fn on_asked(&mut self, peer: PeerId) {
        if self.asked.remove(&peer) == Some(true) {
            self.ask(peer);
        }
    }

    /// Lets a peer take part in the sync that runs, if it has that chain.
    fn join(&self, peer: PeerId, tip: BlockId) {
        if let Some((target, joining)) = &self.joining
            && *target == tip
        {
            // Err: the sync ends, or enough peers wait already.
            let _ = joining.try_send(peer);
        }
    }

    /// Begins to sync with the peer that has the best chain, if it wins over ours.
    fn sync(&mut self) {
        if !self.syncing.is_empty() {
            return;
        }
        let best = self.standings.best(&**self.ledger.rules(), &self.ledger.tip(), Instant::now());
        let Some((peer, claimed)) = best else { return };
        let (joiners, joining) = mpsc::channel(JOINING);
        self.joining = Some((id_of(&claimed.hash), joiners));
        let fetch = Fetch {
            ledger: self.ledger.clone(),
            network: self.network.clone(),
            lead: peer,
            helpers: self.standings.others_with(&claimed, peer),
            claimed,
            joining,
            progress: self.progress.clone(),
        };
        let network = self.network.clone();
        let sync = async move {
            let switched = excused(&network, claimed, fetch.switch().await).await;
            (peer, claimed, switched)
        };
        self.syncing.push(sync.boxed_local());
    }

    async fn on_synced(&mut self, (lead, claimed, synced): Synced) {
        self.joining = None;
        let Failed { peer, error } = match synced {
            Ok(adoption) => {
                tracing::debug!("sync with {lead}, height {}: {adoption:?}", claimed.height);
                return self.standings.succeeded(&lead);
            }
            Err(failed) => failed,
        };
        let now = Instant::now();
        self.standings.failed(&peer, now);
        if peer != lead {
            self.standings.failed(&lead, now);
        }
        let why = with_causes(&error).to_string();
        self.lines.failed(&peer, &why, error.is_ours());
        if let Some(offence) = error.offence() {
            self.network.report(peer, offence, &why).await;
        }
    }
}

/// Whether gossip does not tell the peers of a change of our tip.
fn is_news(change: &Change) -> bool {
    match change {
        Change::BlocksConnected { origin, .. } => *origin == Origin::Fetched,
        Change::Reorganised { .. } => true,
        _ => false,
    }
}

/// An invalid chain is not the peer's fault if it switched to another one meanwhile: then pages of two chains arrived.
async fn excused(
    network: &Network,
    claimed: Tip,
    switched: Result<Option<Adoption>, Failed>,
) -> Result<Option<Adoption>, Failed> {
    match switched {
        Err(Failed { peer, error }) if error.offence().is_some() => {
            let now = network.status(peer).await;
            let is_other = now.is_ok_and(|now| now.tip.0 != *claimed.hash.as_bytes());
            Err(Failed { peer, error: if is_other { SyncError::Replaced } else { error } })
        }
        switched => switched,
    }
}
