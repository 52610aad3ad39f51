//! Connections that do not even speak libp2p.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use hostile::PeerId;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

use crate::cases::Stop;
use crate::world::{ATTACKERS, World};

/// Connections that one attacker holds at a time.
const SOCKETS: usize = 200;

async fn connect(world: &World) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind(SocketAddr::new(ATTACKERS, 0)).ok()?;
    socket.connect(world.socket()).await.ok()
}

/// Keeps two hundred connections on which it says nothing, and replaces those that are closed.
pub(crate) async fn half_open(world: &World, stop: &Stop) -> Vec<PeerId> {
    join_all((0..SOCKETS).map(|_| silent(world, stop))).await;
    Vec::new()
}

async fn silent(world: &World, stop: &Stop) {
    while !stop.is_cancelled() {
        let Some(stream) = connect(world).await else { continue };
        // The victim speaks second, so a readable stream means that it has closed.
        let _ = stop.run_until_cancelled(stream.readable()).await;
    }
}

/// Begins two hundred handshakes, and sends a byte of each every tenth of a second.
pub(crate) async fn slow_handshakes(world: &World, stop: &Stop) -> Vec<PeerId> {
    join_all((0..SOCKETS).map(|_| slow(world, stop))).await;
    Vec::new()
}

async fn slow(world: &World, stop: &Stop) {
    while !stop.is_cancelled() {
        let Some(mut stream) = connect(world).await else { continue };
        for byte in b"\x13/multistream/1.0.0\n\x07/noise\n\x00\x20" {
            if stop.is_cancelled() || stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        if !stop.is_cancelled() {
            let _ = stop.run_until_cancelled(stream.readable()).await;
        }
    }
}

/// Bytes of no protocol.
pub(crate) async fn garbage(world: &World, stop: &Stop) -> Vec<PeerId> {
    let send = async || {
        while !stop.is_cancelled() {
            let Some(mut stream) = connect(world).await else { continue };
            let _ = stop.run_until_cancelled(stream.write_all(&[0xaa; 64 << 10])).await;
        }
    };
    join_all((0..32).map(|_| send())).await;
    Vec::new()
}

/// Ten thousand connections, one after the other. It holds up to two hundred, then closes them all.
pub(crate) async fn connections(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut open = Vec::new();
    for _ in 0..10_000 {
        if stop.is_cancelled() {
            break;
        }
        open.extend(connect(world).await);
        if open.len() > SOCKETS {
            open.clear();
        }
    }
    stop.cancelled().await;
    Vec::new()
}
