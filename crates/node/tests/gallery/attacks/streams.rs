//! Abuse of streams and of the protocols around gossip and sync.

use std::time::Duration;

use futures_util::AsyncWriteExt;
use hostile::{Bare, Multiaddr, PeerId, frames};
use tokio::time::sleep;

use super::joined::connected;
use crate::cases::Stop;
use crate::world::{ROOT, World};

/// Opens four thousand streams, and sends one byte on each.
pub(crate) async fn many_streams(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (peer, mut streams) = (connected(world).await, Vec::new());
    for _ in 0..4_000 {
        match stop.run_until_cancelled(open(&peer)).await {
            Some(Some(stream)) => streams.push(stream),
            _ => break,
        }
    }
    stop.cancelled().await;
    vec![peer.id()]
}

async fn open(peer: &Bare) -> Option<hostile::Stream> {
    let mut stream = peer.open().await.ok()?;
    // yamux opens a stream on the other side only with its first byte.
    stream.write_all(&[19]).await.ok()?;
    stream.flush().await.ok()?;
    Some(stream)
}

/// Fills the windows of many streams, in the hope that the victim buffers what it does not read.
pub(crate) async fn unread(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (mut peers, mut streams) = (Vec::new(), Vec::new());
    for _ in 0..16 {
        let Ok(peer) = Bare::dial(world.address(), ROOT).await else { break };
        for protocol in ["/ipfs/ping/1.0.0", "/meshsub/1.1.0", &format!("{ROOT}/sync/1")].repeat(8) {
            if let Some(Ok(stream)) = stop.run_until_cancelled(peer.speak(protocol)).await {
                streams.push(tokio::spawn(fill(stream, stop.clone())));
            }
        }
        peers.push(peer);
    }
    for stream in streams {
        let _ = stream.await;
    }
    peers.iter().map(Bare::id).collect()
}

/// Writes the length of a large frame, and then bytes without end.
async fn fill(mut stream: hostile::Stream, stop: Stop) {
    let begin = [0xff, 0xff, 0x3f];
    let mut sent = stream.write_all(&begin).await;
    while sent.is_ok() && !stop.is_cancelled() {
        sent = stop.run_until_cancelled(stream.write_all(&[7; 16 << 10])).await.unwrap_or(Ok(()));
    }
}

/// Announces new listen addresses again and again.
pub(crate) async fn addresses(world: &World, stop: &Stop) -> Vec<PeerId> {
    let peer = connected(world).await;
    // The victim must have identified this peer first.
    sleep(Duration::from_millis(200)).await;
    let mut number = 0;
    while !stop.is_cancelled() {
        let message = frames::identify(ROOT, peer.key(), (0..150).map(|_| address(&mut number)));
        let Some(Ok(mut stream)) = stop.run_until_cancelled(peer.speak("/ipfs/id/push/1.0.0")).await else {
            break;
        };
        let _ = stream.write_all(&message).await;
        let _ = stream.close().await;
    }
    vec![peer.id()]
}

fn address(number: &mut u32) -> Vec<u8> {
    *number += 1;
    let [a, b, c, d] = number.to_be_bytes();
    let address: Multiaddr =
        format!("/ip4/10.{b}.{c}.{d}/tcp/{}", 1000 + u32::from(a)).parse().expect("an address");
    address.to_vec()
}

/// Asks a node that answers no Kademlia to store records.
pub(crate) async fn kademlia(world: &World, stop: &Stop) -> Vec<PeerId> {
    let peer = connected(world).await;
    while !stop.is_cancelled() {
        if let Some(Ok(mut stream)) = stop.run_until_cancelled(peer.speak(&format!("{ROOT}/kad/1"))).await {
            let _ = stream.write_all(&frames::frame(&[0x08, 0].repeat(4_000))).await;
            let _ = stream.close().await;
        }
        if peer.is_closed() {
            break;
        }
    }
    vec![peer.id()]
}
