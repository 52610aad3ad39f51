//! Attacks on the memory of connections: bytes that come faster than anybody reads them.

use std::time::Duration;

use futures_util::AsyncWriteExt;
use futures_util::future::join_all;
use hostile::{Bare, PeerId, Stream, frames};

use crate::cases::Over;
use crate::world::{ROOT, World};

/// How late the pings of yamux are answered: then windows double while half of one arrives in twice this time.
const LATE: Duration = Duration::from_millis(300);

/// Peers that answer late.
const LATE_PEERS: usize = 8;

/// Peers that take as many places as they get.
const HOARDERS: usize = 40;

/// Streams that a node negotiates at a time on one connection.
const NEGOTIATED: usize = 16;

/// Streams that one peer may open beside those that the node opens.
const STREAMS: usize = 30;

/// The window of a new stream.
const WINDOW: usize = 256 << 10;

/// Answers pings late, so that more may be under way, and floods with the largest messages. Their signatures are false, so the
/// node does not count them.
pub(crate) async fn late_answers(world: &World, over: &Over) -> Vec<PeerId> {
    join_all((0..LATE_PEERS).map(|_| flood_late(world, over))).await.into_iter().flatten().collect()
}

async fn flood_late(world: &World, over: &Over) -> Option<PeerId> {
    let peer = Bare::dial_late(world.address(), ROOT, LATE).await.ok()?;
    let blocks = format!("{ROOT}/blocks/1");
    let message = frames::forged(&blocks, &peer.id().to_bytes(), 1, &vec![7; 1 << 20]);
    let bytes = [frames::frame(&frames::subscribe(&blocks)), frames::frame(&message)].concat();
    if let Some(Ok(mut stream)) = over.run_until_cancelled(peer.speak("/meshsub/1.2.0")).await {
        while let Some(Ok(())) = over.run_until_cancelled(stream.write_all(&bytes)).await {}
    }
    Some(peer.id())
}

/// Opens as many streams as it may, on many connections. Some stop in the middle of their negotiation. The others wait for them,
/// with full windows.
pub(crate) async fn full_windows(world: &World, over: &Over) -> Vec<PeerId> {
    let mut peers = Vec::new();
    for _ in 0..HOARDERS {
        if let Some(Ok(peer)) = over.run_until_cancelled(Bare::dial(world.address(), ROOT)).await {
            open_all(&peer, over).await;
            peers.push(peer);
        }
    }
    over.cancelled().await;
    peers.iter().map(Bare::id).collect()
}

async fn open_all(peer: &Bare, over: &Over) {
    for number in 0..STREAMS {
        let bytes = if number < NEGOTIATED { 1 } else { WINDOW };
        let Some(Ok(stream)) = over.run_until_cancelled(peer.open()).await else { break };
        tokio::spawn(fill(stream, bytes, over.clone()));
    }
}

/// Writes so many bytes, and keeps the stream. They begin a line of 19 bytes, as each negotiation does.
async fn fill(mut stream: Stream, bytes: usize, over: Over) {
    let writing = async {
        stream.write_all(&vec![19; bytes]).await?;
        stream.flush().await
    };
    let _ = over.run_until_cancelled(writing).await;
    over.cancelled().await;
}
