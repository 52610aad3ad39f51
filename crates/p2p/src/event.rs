use libp2p::{Multiaddr, PeerId};
use tokio::sync::mpsc;

use crate::{
    peers::{Direction, Offence},
    wire::Status,
};

/// An event in the network. Nobody needs to listen: [`Network::peers`](crate::Network::peers) returns the state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// This node listens on one more address.
    Listening(Multiaddr),
    /// A peer of our network is connected, and can be asked.
    Joined {
        /// The peer.
        peer: PeerId,
        /// Its program, cut and escaped.
        agent: String,
        /// Who made the connection.
        direction: Direction,
    },
    /// A peer told its tip.
    Status {
        /// The peer.
        peer: PeerId,
        /// What it said.
        status: Status,
    },
    /// A peer is gone.
    Left(PeerId),
    /// An address that the owner named cannot be reached. Sent once, and again only after it has been reached.
    Unreachable {
        /// The address.
        address: Multiaddr,
        /// Why.
        why: String,
    },
    /// A node of another network was connected and left again.
    OtherNetwork {
        /// The node.
        peer: PeerId,
        /// What it calls its network, cut and escaped.
        network: String,
    },
    /// A peer misbehaved once too often.
    Banned {
        /// The peer.
        peer: PeerId,
        /// The last thing that it did.
        offence: Offence,
        /// For how long.
        seconds: u64,
    },
    /// A peer was too slow: it is disconnected, and not dialled for a while.
    Paused {
        /// The peer.
        peer: PeerId,
        /// For how long, unless this node has no other peer.
        seconds: u64,
    },
    /// The listener was too slow, and this many events are lost.
    Lagged(u64),
}

/// Sends events without waiting. Counts those that a slow listener misses, and tells it the number.
pub(crate) struct EventSender {
    to: mpsc::Sender<Event>,
    lost: u64,
}

impl EventSender {
    pub(crate) fn new(to: mpsc::Sender<Event>) -> Self {
        Self { to, lost: 0 }
    }

    pub(crate) fn send(&mut self, event: Event) {
        if self.lost > 0 {
            if self.to.try_send(Event::Lagged(self.lost)).is_err() {
                self.lost += 1;
                return;
            }
            self.lost = 0;
        }
        if self.to.try_send(event).is_err() {
            self.lost = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn slow_listener_learns_how_much_it_missed() {
        let (to, mut from) = mpsc::channel(3);
        let (mut sender, peer) = (EventSender::new(to), PeerId::random());
        (0..5).for_each(|_| sender.send(Event::Left(peer)));
        for _ in 0..3 {
            assert_eq!(from.recv().await, Some(Event::Left(peer)));
        }
        sender.send(Event::Left(peer));
        assert_eq!(from.recv().await, Some(Event::Lagged(2)));
        assert_eq!(from.recv().await, Some(Event::Left(peer)));
    }

    #[tokio::test]
    async fn events_lost_after_a_report_are_counted_anew() {
        let (to, mut from) = mpsc::channel(1);
        let (mut sender, peer) = (EventSender::new(to), PeerId::random());
        (0..3).for_each(|_| sender.send(Event::Left(peer)));
        assert_eq!(from.recv().await, Some(Event::Left(peer)));
        for lost in [2, 1] {
            sender.send(Event::Left(peer));
            assert_eq!(from.recv().await, Some(Event::Lagged(lost)));
        }
    }
}
