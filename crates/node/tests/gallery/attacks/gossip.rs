//! Abuse of gossipsub with frames that no node would send.

use futures_util::AsyncWriteExt;
use hostile::{Bare, PeerId, frames};

use super::joined::connected;
use crate::cases::Stop;
use crate::world::{ROOT, World};

const GOSSIPSUB: &str = "/meshsub/1.2.0";

/// Sends frames, one per round, as fast as the victim reads them.
async fn send(
    world: &World,
    stop: &Stop,
    frames: impl FnOnce(&Bare) -> Box<dyn FnMut(u64) -> Vec<u8>>,
) -> Vec<PeerId> {
    let peer = connected(world).await;
    let mut frame = frames(&peer);
    let mut stream = peer.speak(GOSSIPSUB).await.expect("the victim speaks gossipsub");
    let subscribed = [frames::subscribe(&payments()), frames::subscribe(&blocks())].concat();
    let mut sent = stream.write_all(&frames::frame(&subscribed)).await;
    let mut round = 0;
    while sent.is_ok() && !stop.is_cancelled() {
        let next = frames::frame(&frame(round));
        // The attack must end in time even if the victim stops reading.
        let writing = stop.run_until_cancelled(stream.write_all(&next)).await;
        sent = writing.unwrap_or(Ok(()));
        round += 1;
    }
    vec![peer.id()]
}

fn payments() -> String {
    format!("{ROOT}/payments/1")
}

fn blocks() -> String {
    format!("{ROOT}/blocks/1")
}

/// Messages with false signatures, a thousand at a time.
pub(crate) async fn forged(world: &World, stop: &Stop) -> Vec<PeerId> {
    send(world, stop, |peer| {
        let from = peer.id().to_bytes();
        Box::new(move |round| {
            let message = |number| frames::forged(&payments(), &from, 1_000 * round + number, b"eve");
            (0..1_000).flat_map(message).collect()
        })
    })
    .await
}

/// One signed message, again and again.
pub(crate) async fn replayed(world: &World, stop: &Stop) -> Vec<PeerId> {
    send(world, stop, |peer| {
        let message = frames::signed(&payments(), peer.key(), 1, b"{}");
        let many = message.repeat(1_000);
        Box::new(move |_| many.clone())
    })
    .await
}

/// Offers, requests and refusals of messages that nobody has, and changes of the mesh, by the thousand.
pub(crate) async fn control(world: &World, stop: &Stop) -> Vec<PeerId> {
    send(world, stop, |_| {
        Box::new(move |round| {
            let ids: Vec<[u8; 20]> = (0..3_000_u64).map(|number| id(3_000 * round + number)).collect();
            let ids = || ids.iter().map(|id| &id[..]);
            let topic = payments();
            let mesh = [frames::graft(&topic), frames::prune(&topic, u64::MAX)].concat().repeat(100);
            [frames::has(&topic, ids()), frames::wants(ids()), frames::does_not_want(ids()), mesh].concat()
        })
    })
    .await
}

fn id(number: u64) -> [u8; 20] {
    let mut id = [7; 20];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}
