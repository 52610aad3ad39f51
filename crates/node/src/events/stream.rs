//! Sending and hearing events.

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, WeakSender, channel};

use super::{Change, Event};

/// Events kept for a slow listener. Beyond that it loses the oldest.
const WAITING: usize = 256;

/// The sender of events. Only the writer has one. When it is dropped, listeners hear [`Heard::Ended`].
///
/// Under load the writer commits payments a thousand times a second. A second channel without them spares listeners that
/// only follow the chain.
#[derive(Debug)]
pub struct Events {
    all: Sender<Event>,
    chain: Sender<Event>,
}

/// Makes listeners. It does not keep the stream open.
#[derive(Clone, Debug)]
pub struct Feed {
    all: WeakSender<Event>,
    chain: WeakSender<Event>,
}

/// Hears the events that are sent after it was made.
#[derive(Debug)]
pub struct Listener(Receiver<Event>);

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it lives for one call: a box would cost more than it saves")]
pub enum Heard {
    /// The next event.
    Event(Event),
    /// The listener was too slow and lost this many events. It must read the ledger again.
    Lagged(u64),
    /// The writer has ended: no more events come.
    Ended,
}

impl Events {
    /// A stream without listeners.
    #[expect(clippy::new_without_default, reason = "only the ledger makes one")]
    pub fn new() -> Self {
        Self { all: channel(WAITING).0, chain: channel(WAITING).0 }
    }

    /// Sends an event to all listeners without waiting for them.
    pub fn send(&self, event: Event) {
        // An error only means that nobody listens.
        if !matches!(event.change, Change::PaymentsAdded { .. }) {
            let _ = self.chain.send(event.clone());
        }
        let _ = self.all.send(event);
    }

    /// A handle that makes listeners.
    pub fn feed(&self) -> Feed {
        Feed { all: self.all.downgrade(), chain: self.chain.downgrade() }
    }
}

impl Feed {
    /// Listens to all events.
    pub fn listen(&self) -> Listener {
        listen(&self.all)
    }

    /// Listens to all events except [`Change::PaymentsAdded`].
    pub fn listen_to_chain(&self) -> Listener {
        listen(&self.chain)
    }
}

fn listen(sender: &WeakSender<Event>) -> Listener {
    // If the writer is gone, a channel without a sender reports the end.
    Listener(sender.upgrade().map_or_else(|| channel(1).1, |sender| sender.subscribe()))
}

impl Listener {
    /// Waits for the next event. Cancel-safe: dropping the future loses no event.
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
    async fn listener_hears_all_events_in_order_and_the_end() {
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
        assert_eq!(chain.next().await, Heard::Event(closed(300)), "payments displace no event of the chain");
    }
}
