//! Sending events, and hearing them.

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, WeakSender, channel};

use super::{Change, Event};

/// How many events wait for a slow listener. After that it loses the oldest.
const WAITING: usize = 256;

/// Where events are sent. There is one, the writer's; when it is dropped, listeners hear the end.
///
/// Under load there are a thousand commits of payments a second. Whoever listens to the chain alone must not be woken by
/// them, so that has a channel of its own.
#[derive(Debug)]
pub struct Events {
    all: Sender<Event>,
    chain: Sender<Event>,
}

/// Makes listeners, and does not keep the events from ending.
#[derive(Clone, Debug)]
pub struct Feed {
    all: WeakSender<Event>,
    chain: WeakSender<Event>,
}

/// Hears events from the moment on when it was made.
#[derive(Debug)]
pub struct Listener(Receiver<Event>);

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
// It lives for one call of a listener: a box would cost more than the bytes.
#[allow(clippy::large_enum_variant)]
pub enum Heard {
    /// The next event.
    Event(Event),
    /// It was too slow, and so many events are lost: what it knows of the ledger is to be read again.
    Lagged(u64),
    /// No more events come, since the writer has ended.
    Ended,
}

impl Events {
    /// Events that nobody hears yet.
    #[expect(clippy::new_without_default, reason = "one is made, by the ledger")]
    pub fn new() -> Self {
        Self { all: channel(WAITING).0, chain: channel(WAITING).0 }
    }

    /// Sends an event to all who listen. Waits for nobody.
    pub fn send(&self, event: Event) {
        // An error means that nobody listens.
        if !matches!(event.change, Change::PaymentsAdded { .. }) {
            let _ = self.chain.send(event.clone());
        }
        let _ = self.all.send(event);
    }

    /// What makes listeners.
    pub fn feed(&self) -> Feed {
        Feed { all: self.all.downgrade(), chain: self.chain.downgrade() }
    }
}

impl Feed {
    /// Listens to all events.
    pub fn listen(&self) -> Listener {
        listen(&self.all)
    }

    /// Listens to all events but those of payments that come into the pool.
    pub fn listen_to_chain(&self) -> Listener {
        listen(&self.chain)
    }
}

fn listen(sender: &WeakSender<Event>) -> Listener {
    // Without a sender the end is all there is to hear.
    Listener(sender.upgrade().map_or_else(|| channel(1).1, |sender| sender.subscribe()))
}

impl Listener {
    /// Waits for the next event. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) -> Heard {
        match self.0.recv().await {
            Ok(event) => Heard::Event(event),
            Err(RecvError::Lagged(lost)) => Heard::Lagged(lost),
            Err(RecvError::Closed) => Heard::Ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Source;

    fn payments(number: u64) -> Event {
        Event { number, change: Change::PaymentsAdded { numbers: 1..=1, source: Source::User } }
    }

    fn closed(number: u64) -> Event {
        Event { number, change: Change::Closed }
    }

    #[tokio::test]
    async fn all_events_are_heard_in_order_and_then_the_end() {
        let events = Events::new();
        let feed = events.feed();
        let (mut all, mut chain) = (feed.listen(), feed.listen_to_chain());
        [payments(1), closed(2), payments(3)].into_iter().for_each(|event| events.send(event));
        drop(events);
        for event in [payments(1), closed(2), payments(3)] {
            assert_eq!(all.next().await, Heard::Event(event));
        }
        assert_eq!(all.next().await, Heard::Ended);
        assert_eq!(chain.next().await, Heard::Event(closed(2)));
        assert_eq!(chain.next().await, Heard::Ended);
        assert_eq!(feed.listen().next().await, Heard::Ended);
    }

    #[tokio::test]
    async fn slow_listener_hears_how_many_events_it_lost() {
        let events = Events::new();
        let (mut slow, mut chain) = (events.feed().listen(), events.feed().listen_to_chain());
        (1..=WAITING as u64 + 3).for_each(|number| events.send(payments(number)));
        assert_eq!(slow.next().await, Heard::Lagged(3));
        assert_eq!(slow.next().await, Heard::Event(payments(4)));
        events.send(closed(300));
        assert_eq!(chain.next().await, Heard::Event(closed(300)), "payments drive out no event of the chain");
    }
}
