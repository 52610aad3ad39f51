use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt, stream::FuturesUnordered};
use p2p::{AskError, Branch, Event, Events, ForkPoint, Locator, Network, PageRequest, PeerId};
use tokio::{
    sync::mpsc,
    time::{Interval, MissedTickBehavior},
};

use super::chain::Chain;
use crate::world::locked;

/// Keeps a chain up with the peers' chains until the network ends. Asks all peers for their tips at each tick of `round`.
pub(super) async fn run(
    network: Network,
    chain: Arc<Mutex<Chain>>,
    mut events: Events,
    mut ahead: mpsc::Receiver<PeerId>,
    mut round: Interval,
) {
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asking = FuturesUnordered::new();
    loop {
        let behind = tokio::select! {
            event = events.recv() => match event {
                None => return,
                Some(Event::Joined { peer, .. }) => {
                    asking.push(ask(network.clone(), peer));
                    None
                }
                Some(Event::Status { peer, status }) if status.height > height(&chain) => Some(peer),
                Some(_) => None,
            },
            Some(peer) = ahead.recv() => Some(peer),
            Some(()) = asking.next() => None,
            _ = round.tick() => {
                asking.extend(connected(&network).await.map(|peer| ask(network.clone(), peer)));
                None
            }
        };
        // If this peer does not answer, others will tell their tips.
        if let Some(peer) = behind
            && let Ok(true) = fetch(&network, &chain, peer).await
        {
            asking.extend(connected(&network).await.map(|peer| ask(network.clone(), peer)));
        }
    }
}

async fn connected(network: &Network) -> impl Iterator<Item = PeerId> {
    network.peers().await.into_iter().filter(|peer| peer.direction.is_some()).map(|peer| peer.id)
}

fn height(chain: &Mutex<Chain>) -> u64 {
    locked(chain).tip().height.get()
}

/// Tells a peer our tip, and asks for its own, which comes as an event.
async fn ask(network: Network, peer: PeerId) {
    // Err: the peer has gone, or does not answer.
    let _ = network.status(peer).await;
}

/// Fetches a peer's chain from the fork on. Returns whether ours was replaced.
async fn fetch(network: &Network, chain: &Mutex<Chain>, peer: PeerId) -> Result<bool, AskError> {
    let Branch { status, fork, page } = network.branch(peer, locator(chain), 1 << 20).await?;
    let Some(ForkPoint { height, .. }) = fork else {
        return Ok(false);
    };
    let mut blocks: Vec<Bytes> = page.blocks;
    while height + (blocks.len() as u64) < status.height {
        let from = height + 1 + blocks.len() as u64;
        let page = network.page(peer, PageRequest { from, count: 1_000, bytes: 1 << 20 }).await?;
        if page.blocks.is_empty() {
            break;
        }
        blocks.extend(page.blocks);
    }
    Ok(locked(chain).adopt(height, &blocks))
}

fn locator(chain: &Mutex<Chain>) -> Locator {
    let chain = locked(chain);
    Locator::new(Locator::heights(chain.tip().height.get(), 1).filter_map(|height| chain.id_at(height)))
}
