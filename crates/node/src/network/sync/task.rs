//! The task that keeps our chain up with the peers' chains.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use p2p::{Event, Events, Network, PeerId};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use super::branches::{Branches, Reason};
use super::current::Current;
use super::progress::Progress;
use super::saving::Saving;
use super::standing::Standings;
use super::statuses::Statuses;
use crate::events::{Change, Heard, Listener, Origin};
use crate::ledger::Ledger;
use crate::network::log::Lines;

/// How often all peers are asked for their tips. Gossip may lose a block; this finds it.
const ROUND: Duration = Duration::from_secs(5);

/// Exchanges tips with peers, and fetches one chain at a time.
pub(in crate::network) struct Task {
    pub(super) ledger: Ledger,
    pub(super) network: Network,
    pub(super) standings: Standings,
    statuses: Statuses,
    pub(super) branches: Branches,
    pub(super) current: Current,
    pub(super) progress: Progress,
    pub(super) lines: Lines,
    saving: Saving,
}

impl Task {
    pub(in crate::network) fn new(
        ledger: Ledger,
        network: Network,
        directory: PathBuf,
        progress: Progress,
    ) -> Self {
        Self {
            standings: Standings::default(),
            statuses: Statuses::new(network.clone()),
            branches: Branches::new(ledger.clone(), network.clone()),
            ledger,
            network,
            current: Current::default(),
            progress,
            lines: Lines::default(),
            saving: Saving::new(directory),
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
            let wake = self.wake_at(Instant::now());
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.on_event(event).await,
                    None => return tracing::info!("p2p: network ended"),
                },
                Some(peer) = ahead.recv() => self.on_ahead(peer),
                heard = changes.next() => match heard {
                    Heard::Event(event) if is_news(&event.change) => self.exchange_all().await,
                    Heard::Event(_) => {}
                    Heard::Lagged(_) => self.exchange_all().await,
                    Heard::Ended => return,
                },
                _ = round.tick() => {
                    self.exchange_all().await;
                    self.save_peers().await;
                }
                Some(_) = self.statuses.next() => {}
                Some(answer) = self.branches.next() => self.on_branch(answer).await,
                Some(synced) = self.current.next() => self.on_synced(synced).await,
                () = sleep_until(wake.unwrap_or_else(Instant::now).into()), if wake.is_some() => {}
            }
            self.ask_best();
        }
    }

    async fn on_event(&mut self, event: Event) {
        match &event {
            Event::Joined { peer, .. } => self.statuses.exchange(*peer),
            Event::Status { peer, status } => {
                self.standings.note(*peer, status, &self.ledger.tip(), Instant::now());
                self.current.join(*peer, status.tip);
            }
            Event::Left(peer) => self.standings.forget(peer),
            Event::Lagged(_) => self.exchange_all().await,
            _ => {}
        }
        self.saving.note(&event);
        self.lines.event(&self.network.id(), &event);
    }

    async fn save_peers(&mut self) {
        // Another directory may have taken the place of ours.
        if self.ledger.check_takes_changes().is_err() {
            return;
        }
        if let Err(error) = self.saving.save(&self.network).await {
            self.lines.unsaved(&error);
        }
    }

    /// Exchanges tips with all peers.
    async fn exchange_all(&mut self) {
        let peers = self.network.peers().await;
        let connected: Vec<PeerId> =
            peers.into_iter().filter(|peer| peer.direction.is_some()).map(|peer| peer.id).collect();
        self.standings.retain(|peer| connected.contains(peer));
        connected.into_iter().for_each(|peer| self.statuses.exchange(peer));
    }

    /// A peer sent a block above our tip: asks for the blocks before it, unless the peer failed lately.
    fn on_ahead(&mut self, peer: PeerId) {
        let now = Instant::now();
        if self.standings.may_ask(&peer, now) {
            self.standings.asked(&peer, now);
            self.branches.ask(peer, Reason::Block, now);
        }
    }
}

/// Whether a change moves our tip without gossip telling the peers.
fn is_news(change: &Change) -> bool {
    match change {
        Change::BlocksConnected { origin, .. } => *origin == Origin::Fetched,
        Change::Reorganised { .. } => true,
        _ => false,
    }
}
