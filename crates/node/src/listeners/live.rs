//! Publishes changes of the ledger in the live feed.

use std::time::Duration;

use ledger_core::Tip;
use tokio::time::{Instant, sleep, sleep_until};

use crate::events::{Change, Event, Heard, Listener, Origin};
use crate::ledger::WeakLedger;
use crate::live::{LiveFeed, News, State};

/// Time between two reads of the events while payments arrive: the writer may commit a thousand times a second.
const BATCH: Duration = Duration::from_millis(50);

/// Time between two events of payments.
const PAYMENTS: Duration = Duration::from_secs(1);

/// Publishes each change of chain and peers. Payments that arrive within a second are one event.
pub(super) async fn run(events: Listener, ledger: WeakLedger, feed: LiveFeed) {
    let tip = ledger.upgrade().map(|ledger| ledger.tip());
    Publishing { events, ledger, feed, tip, payments_due: None, payments_sent: None }.run().await;
}

struct Publishing {
    events: Listener,
    ledger: WeakLedger,
    feed: LiveFeed,
    /// The tip of the last event.
    tip: Option<Tip>,
    /// When to publish payments that were heard.
    payments_due: Option<Instant>,
    payments_sent: Option<Instant>,
}

impl Publishing {
    async fn run(mut self) {
        loop {
            let due = self.payments_due;
            tokio::select! {
                heard = self.events.next() => match heard {
                    Heard::Event(Event { change: Change::PaymentsAdded { .. }, .. }) => {
                        self.expect_payments();
                        sleep(BATCH).await;
                    }
                    Heard::Event(Event { change, .. }) => self.publish(&change),
                    Heard::Lagged(_) => self.catch_up(),
                    Heard::Ended => return,
                },
                () = wait_until(due) => self.publish_payments(),
            }
        }
    }

    fn expect_payments(&mut self) {
        let next = self.payments_sent.map_or_else(Instant::now, |sent| sent + PAYMENTS);
        self.payments_due.get_or_insert(next);
    }

    fn publish_payments(&mut self) {
        (self.payments_due, self.payments_sent) = (None, Some(Instant::now()));
        if let Some(state) = self.state() {
            self.feed.publish(&News::Payment(state));
        }
    }

    fn publish(&mut self, change: &Change) {
        if let Change::BlocksConnected { tip, .. } | Change::Reorganised { to: tip, .. } = change {
            self.tip = Some(*tip);
        }
        if let Some(news) = self.state().and_then(|state| news(change, state)) {
            self.feed.publish(&news);
        }
    }

    /// Makes up for lost events: usually payments, the only frequent ones.
    fn catch_up(&mut self) {
        let tip = self.ledger.upgrade().map(|ledger| ledger.tip());
        if tip != self.tip {
            self.tip = tip;
            self.feed.publish(&News::Reset);
        } else if let Some(state) = self.state() {
            self.feed.publish(&News::Peers(state));
        }
        self.expect_payments();
    }

    /// The state of the ledger; none if the node has stopped.
    fn state(&self) -> Option<State> {
        Some(self.ledger.upgrade()?.view(State::of))
    }
}

async fn wait_until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// The event for a change. The state may already show later changes, which have their own events.
fn news(change: &Change, state: State) -> Option<News> {
    match *change {
        Change::BlocksConnected { tip, count, payments, origin, .. } => {
            let state = State { height: tip.height.get(), hash: tip.hash, ..state };
            let origin = match origin {
                Origin::Mined => "mined",
                Origin::Pushed => "pushed",
                Origin::Fetched => "fetched",
            };
            Some(News::Block { state, count, payments, origin })
        }
        Change::Reorganised { fork, from, to, disconnected, connected, returned, dropped } => {
            let state = State { height: to.height.get(), hash: to.hash, ..state };
            let fork = fork.shared();
            Some(News::Reorg { state, fork, from, depth: disconnected, connected, returned, dropped })
        }
        Change::PeersAdded { .. } | Change::PeerRemoved { .. } => Some(News::Peers(state)),
        Change::PaymentsAdded { .. } | Change::Closed => None,
    }
}

#[cfg(test)]
mod tests;
