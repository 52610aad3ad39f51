//! Connections as nodes make them: encrypted, and shared by many streams.

use futures_util::{AsyncRead, AsyncWrite};
use libp2p::{
    PeerId, Transport,
    core::{muxing::StreamMuxerBox, transport::Boxed, upgrade::Version},
    identity::Keypair,
    noise, tcp, yamux,
};

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
    let noise = noise::Config::new(key).expect("an Ed25519 key signs");
    let mut yamux = yamux::Config::default();
    yamux.set_max_num_streams(MAX_STREAMS);
    transport.upgrade(Version::V1Lazy).authenticate(noise).multiplex(yamux).boxed()
}
