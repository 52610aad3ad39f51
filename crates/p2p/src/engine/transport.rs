use std::{io, sync::Arc, time::Duration};

use futures_util::{AsyncRead, AsyncWrite};
use libp2p::{
    PeerId, Transport as _,
    core::{
        muxing::StreamMuxerBox,
        transport::{Boxed, MemoryTransport},
        upgrade::Version,
    },
    dns, noise, tcp,
};

use super::{
    counted::{Counted, Traffic},
    delayed::Delayed,
    guarded::Guarded,
    multiplexed::Multiplexed,
};
use crate::{identity::Identity, settings::Transport};

/// How long both handshakes may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The longest time that the other side may read nothing.
const PATIENCE: Duration = Duration::from_secs(20);

type Connections = Boxed<(PeerId, StreamMuxerBox)>;

/// Connections that are encrypted, authenticated and shared by many streams.
pub(crate) fn transport(
    kind: Transport,
    identity: &Identity,
    traffic: &Arc<Traffic>,
) -> io::Result<Connections> {
    match kind {
        Transport::Tcp => over_tcp(identity, traffic),
        Transport::Memory(link) => {
            let delayed = MemoryTransport::default().map(move |stream, _| Delayed::new(stream, link));
            secured(delayed, identity, traffic)
        }
    }
}

fn over_tcp(identity: &Identity, traffic: &Arc<Traffic>) -> io::Result<Connections> {
    let tcp = || tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    match dns::tokio::Transport::system(tcp()) {
        Ok(with_names) => secured(with_names, identity, traffic),
        Err(error) => {
            tracing::warn!("peers can only be reached by IP address: no DNS settings: {error}");
            secured(tcp(), identity, traffic)
        }
    }
}

fn secured<T>(transport: T, identity: &Identity, traffic: &Arc<Traffic>) -> io::Result<Connections>
where
    T: libp2p::Transport + Send + Unpin + 'static,
    T::Output: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T::Error: Send + Sync + 'static,
    T::Dial: Send,
    T::ListenerUpgrade: Send,
{
    let noise = noise::Config::new(identity.keypair()).map_err(io::Error::other)?;
    let traffic = traffic.clone();
    let guarded =
        transport.map(move |stream, _| Guarded::new(Counted::new(stream, traffic.clone()), PATIENCE));
    let secured = guarded.upgrade(Version::V1Lazy).authenticate(noise).multiplex(Multiplexed);
    Ok(secured.timeout(HANDSHAKE).boxed())
}
