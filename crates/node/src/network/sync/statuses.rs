//! Tells peers our tip, and asks for theirs.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use p2p::{Network, PeerId};

use crate::system::causes::with_causes;

/// The most open requests to one peer. With one, a change of our tip would wait for the answer to the request before.
const OPEN: usize = 2;

/// Exchanges tips with peers.
pub(super) struct Statuses {
    network: Network,
    /// The open requests to each peer, and whether to ask it once more: our tip has changed since.
    asked: HashMap<PeerId, (usize, bool)>,
    asking: FuturesUnordered<BoxFuture<'static, PeerId>>,
}

impl Statuses {
    pub(super) fn new(network: Network) -> Self {
        Self { network, asked: HashMap::new(), asking: FuturesUnordered::new() }
    }

    /// Exchanges tips with a peer: at once, or as soon as it has answered an earlier request. Its answer comes as an event of
    /// the network.
    pub(super) fn exchange(&mut self, peer: PeerId) {
        let (open, again) = self.asked.entry(peer).or_default();
        if *open >= OPEN {
            *again = true;
            return;
        }
        *open += 1;
        let network = self.network.clone();
        let ask = async move {
            if let Err(error) = network.status(peer).await {
                tracing::debug!("no status: {}", with_causes(&error));
            }
            peer
        };
        self.asking.push(ask.boxed());
    }

    /// Waits until a peer has answered; `None` if none is asked. Cancel-safe.
    pub(super) async fn next(&mut self) -> Option<PeerId> {
        let peer = self.asking.next().await?;
        let (open, again) = self.asked.get_mut(&peer)?;
        *open -= 1;
        if std::mem::take(again) {
            self.exchange(peer);
        } else if *open == 0 {
            self.asked.remove(&peer);
        }
        Some(peer)
    }
}
