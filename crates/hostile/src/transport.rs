//! Connections as nodes make them: encrypted, and shared by many streams.

use std::time::Duration;

use futures_util::{AsyncRead, AsyncWrite};
use libp2p::{
    PeerId, Transport,
    core::{muxing::StreamMuxerBox, transport::Boxed, upgrade::Version},
    identity::Keypair,
    noise, tcp, yamux,
};

use crate::late::LatePings;

/// Streams on one connection. Nodes allow fewer.
const MAX_STREAMS: usize = 4_096;

pub(crate) type Connections = Boxed<(PeerId, StreamMuxerBox)>;

pub(crate) fn tcp() -> tcp::tokio::Transport {
    tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
}

pub(crate) fn secured<T>(transport: T, key: &Keypair) -> Connections
where
    T: Transport + Send + Unpin + 'static,
    T::Output: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T::Error: Send + Sync + 'static,
    T::Dial: Send,
    T::ListenerUpgrade: Send,
{
    transport.upgrade(Version::V1Lazy).authenticate(noise(key)).multiplex(yamux()).boxed()
}

/// As [`secured`], over TCP. Pings of the other side are answered this much later.
pub(crate) fn secured_and_late(key: &Keypair, delay: Duration) -> Connections {
    let late = LatePings { yamux: yamux(), delay };
    tcp().upgrade(Version::V1Lazy).authenticate(noise(key)).multiplex(late).boxed()
}

fn noise(key: &Keypair) -> noise::Config {
    noise::Config::new(key).expect("an Ed25519 key signs")
}

fn yamux() -> yamux::Config {
    let mut yamux = yamux::Config::default();
    yamux.set_max_num_streams(MAX_STREAMS);
    yamux
}
