//! Which peer the task asks for blocks next, and what it does with the answer.

use std::time::Instant;

use ledger_core::Tip;
use p2p::{Branch, PeerId};
use tokio::sync::mpsc;

use super::branches::{Answer, Reason};
use super::current::Synced;
use super::error::Failed;
use super::fetch::Fetch;
use super::task::Task;
use crate::network::tips::{id_of, tip_of};
use crate::system::causes::with_causes;

/// Peers that may join a sync before it asks for them.
const JOINING: usize = 16;

impl Task {
    /// Asks the peer with the best chain for its blocks, if that chain wins over ours.
    pub(super) fn ask_best(&mut self) {
        let now = Instant::now();
        if !self.current.is_idle() || self.branches.busy_until(now).is_some() {
            return;
        }
        let (rules, tip) = (&**self.ledger.rules(), self.ledger.tip());
        if let Some(peer) = self.standings.best(rules, &tip, now, |peer| self.branches.is_asking(peer)) {
            self.branches.ask(peer, Reason::WinsOver(tip), now);
        }
    }

    pub(super) async fn on_branch(&mut self, (peer, reason, answer): Answer) {
        let branch = match answer {
            Ok(branch) => branch,
            Err(error) => return self.on_failed(peer, Failed { peer, error }).await,
        };
        let now = Instant::now();
        self.standings.note(peer, &branch.status, &self.ledger.tip(), now);
        let wins = |tip: &Tip| self.ledger.rules().wins(tip, &self.ledger.tip());
        match tip_of(&branch.status).filter(wins) {
            // If one runs already, the peer is asked again when it has ended.
            Some(claimed) if self.current.is_idle() => self.sync(peer, claimed, branch),
            Some(_) => {}
            // An honest chain never loses weight. A peer that claims more than it has must not be asked again and again.
            None if reason == Reason::WinsOver(self.ledger.tip()) => {
                tracing::debug!("{peer} does not have the chain that it claimed");
                self.standings.failed(&peer, now);
            }
            None => self.standings.did_not_win(&peer, now),
        }
    }

    /// Begins to sync with a peer that has sent the beginning of its branch.
    fn sync(&mut self, lead: PeerId, claimed: Tip, branch: Branch) {
        let (joiners, joining) = mpsc::channel(JOINING);
        let (ledger, network) = (self.ledger.clone(), self.network.clone());
        let (helpers, progress) = (self.standings.others_with(&claimed, lead), self.progress.clone());
        let fetch = Fetch { ledger, network, lead, helpers, claimed, branch, joining, progress };
        self.current.begin(fetch, id_of(&claimed.hash), joiners);
    }

    pub(super) async fn on_synced(&mut self, Synced { lead, claimed, result }: Synced) {
        match result {
            Ok(adoption) => {
                tracing::debug!("sync with {lead}, height {}: {adoption:?}", claimed.height);
                self.standings.succeeded(&lead);
            }
            Err(failed) => self.on_failed(lead, failed).await,
        }
    }

    async fn on_failed(&mut self, lead: PeerId, Failed { peer, error }: Failed) {
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

    /// When a peer that failed may be tried again, or another one instead of a slow one.
    pub(super) fn wake_at(&self, now: Instant) -> Option<Instant> {
        if !self.current.is_idle() || self.branches.is_full() {
            return None;
        }
        let is_asked = |peer: &PeerId| self.branches.is_asking(peer);
        let next = self.standings.next(&**self.ledger.rules(), &self.ledger.tip(), is_asked)?;
        Some(self.branches.busy_until(now).map_or(next, |until| next.max(until)))
    }
}
