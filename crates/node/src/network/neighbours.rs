//! Links neighbours that are in the peer-to-peer network, too: asks each one's `/status` once, and dials it.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use ledger_core::NodeAddress;
use p2p::Network;
use tokio::time::{Instant, sleep_until};

use super::log::Lines;
use crate::events::{Change, Event, Heard, Listener};
use crate::ledger::{MAX_PEERS, WeakLedger};
use crate::peers::Contacts;
use crate::system::causes::with_causes;

/// Neighbours asked or dialled at a time.
const MAX_CONCURRENT: usize = 4;

/// How long until neighbours that could not be linked are tried again.
const RETRY: Duration = Duration::from_secs(60);

/// A neighbour, and why it is not linked if it is not.
type Linked = (NodeAddress, Result<(), String>);

/// Links each neighbour once: those that are known at the start, and those that are registered later.
pub(super) struct Neighbours {
    ledger: WeakLedger,
    network: Network,
    contacts: Contacts,
    waiting: BTreeSet<NodeAddress>,
    linking: FuturesUnordered<LocalBoxFuture<'static, Linked>>,
    /// Those that failed, and when to try them again.
    failed: BTreeSet<NodeAddress>,
    retry: Option<Instant>,
    lines: Lines,
}

impl Neighbours {
    pub(super) fn new(ledger: WeakLedger, network: Network, contacts: Contacts) -> Self {
        Self {
            ledger,
            network,
            contacts,
            waiting: BTreeSet::new(),
            linking: FuturesUnordered::new(),
            failed: BTreeSet::new(),
            retry: None,
            lines: Lines::default(),
        }
    }

    /// Runs until the ledger ends.
    pub(super) async fn run(mut self, mut changes: Listener) {
        self.waiting = self.registered();
        loop {
            self.link();
            let retry = self.retry;
            tokio::select! {
                heard = changes.next() => match heard {
                    Heard::Event(Event { change: Change::PeersAdded { added, .. }, .. }) => {
                        self.add(added.iter().cloned());
                    }
                    Heard::Event(_) => {}
                    // Linked neighbours are only asked once more.
                    Heard::Lagged(_) => self.waiting = self.registered(),
                    Heard::Ended => return,
                },
                Some((neighbour, linked)) = self.linking.next() => self.note(neighbour, linked),
                () = sleep_until(retry.unwrap_or_else(Instant::now)), if retry.is_some() => {
                    self.retry = None;
                    let failed = self.failed.clone();
                    self.add(failed);
                }
            }
        }
    }

    fn registered(&self) -> BTreeSet<NodeAddress> {
        self.ledger.upgrade().map(|ledger| ledger.peers()).unwrap_or_default()
    }

    fn add(&mut self, neighbours: impl IntoIterator<Item = NodeAddress>) {
        self.waiting.extend(neighbours);
        if self.waiting.len().max(self.failed.len()) > MAX_PEERS {
            let registered = self.registered();
            self.waiting.retain(|neighbour| registered.contains(neighbour));
            self.failed.retain(|neighbour| registered.contains(neighbour));
        }
    }

    /// Begins to link those that wait, at most [`MAX_CONCURRENT`] at a time.
    fn link(&mut self) {
        while self.linking.len() < MAX_CONCURRENT
            && let Some(neighbour) = self.waiting.pop_first()
        {
            if self.registered().contains(&neighbour) {
                let (network, contacts) = (self.network.clone(), self.contacts.clone());
                self.linking.push(Box::pin(link(network, contacts, neighbour)));
            } else {
                self.failed.remove(&neighbour);
            }
        }
    }

    fn note(&mut self, neighbour: NodeAddress, linked: Result<(), String>) {
        match linked {
            Ok(()) => drop(self.failed.remove(&neighbour)),
            Err(why) => {
                self.retry.get_or_insert_with(|| Instant::now() + RETRY);
                if self.failed.insert(neighbour.clone()) {
                    self.lines.not_linked(&neighbour, &why);
                }
            }
        }
    }
}

/// Asks a neighbour where it is in the network, and connects to it there.
async fn link(network: Network, contacts: Contacts, neighbour: NodeAddress) -> Linked {
    let linked = match contacts.ask(&neighbour).await {
        Ok(None) => Ok(()),
        Ok(Some(contact)) => {
            let dialled = network.introduce(contact.id, contact.addresses).await;
            dialled.map_err(|error| with_causes(&error).to_string())
        }
        Err(error) => Err(with_causes(&error).to_string()),
    };
    (neighbour, linked)
}
