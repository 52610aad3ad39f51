//! Attacks on the memory of connections: bytes that come faster than anybody reads them.

use std::time::Duration;

use futures_util::AsyncWriteExt;
use futures_util::future::join_all;
use hostile::{Bare, PeerId, Stream, frames};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::cases::Stop;
use crate::world::{ROOT, World};

/// How late yamux pings are answered. A window doubles as long as half of it arrives within twice this time.
const LATE: Duration = Duration::from_millis(300);

/// Peers that answer late.
const LATE_PEERS: usize = 8;

/// Peers that take as many slots as they get.
const HOARDERS: usize = 40;

/// Streams that a node negotiates at a time on one connection.
const NEGOTIATED: usize = 16;

/// Streams that one peer may open beside those that the node opens.
const STREAMS: usize = 30;

/// How long the node may take for a connection, a stream or its bytes.
const PATIENCE: Duration = Duration::from_secs(2);

/// The window of a new stream.
const WINDOW: usize = 256 << 10;

/// Answers pings late, so that more bytes may be in flight, and floods with the largest messages. Their signatures are false, so
/// the node does not count them.
pub(crate) async fn late_answers(world: &World, stop: &Stop) -> Vec<PeerId> {
    join_all((0..LATE_PEERS).map(|_| flood_late(world, stop))).await.into_iter().flatten().collect()
}

async fn flood_late(world: &World, stop: &Stop) -> Option<PeerId> {
    let peer = Bare::dial_late(world.address(), ROOT, LATE).await.ok()?;
    let blocks = format!("{ROOT}/blocks/1");
    let message = frames::forged(&blocks, &peer.id().to_bytes(), 1, &vec![7; 1 << 20]);
    let bytes = [frames::frame(&frames::subscribe(&blocks)), frames::frame(&message)].concat();
    if let Some(Ok(mut stream)) = stop.run_until_cancelled(peer.speak("/meshsub/1.2.0")).await {
        while let Some(Ok(())) = stop.run_until_cancelled(stream.write_all(&bytes)).await {}
    }
    Some(peer.id())
}

/// Opens as many streams as it may, on many connections. Some stop in the middle of their negotiation. The others wait for them,
/// with full windows. It opens all of them even if the attack is over before.
pub(crate) async fn full_windows(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (mut peers, mut filled) = (Vec::new(), Vec::new());
    for _ in 0..HOARDERS {
        if let Ok(Ok(peer)) = timeout(PATIENCE, Bare::dial(world.address(), ROOT)).await {
            filled.extend(open_all(&peer).await);
            peers.push(peer);
        }
    }
    // The streams live until the end.
    let _streams = join_all(filled).await;
    stop.cancelled().await;
    peers.iter().map(Bare::id).collect()
}

async fn open_all(peer: &Bare) -> Vec<JoinHandle<Stream>> {
    let mut filling = Vec::new();
    for number in 0..STREAMS {
        let bytes = if number < NEGOTIATED { 1 } else { WINDOW };
        let Ok(Ok(stream)) = timeout(PATIENCE, peer.open()).await else { break };
        filling.push(tokio::spawn(fill(stream, bytes)));
    }
    filling
}

/// Writes this many bytes, or as many as the node takes. The first announces a line of 19 bytes, as in each negotiation.
async fn fill(mut stream: Stream, bytes: usize) -> Stream {
    let bytes = vec![19; bytes];
    let writing = async {
        stream.write_all(&bytes).await?;
        stream.flush().await
    };
    // Err: the node reads no more, or has left.
    let _ = timeout(PATIENCE, writing).await;
    stream
}
