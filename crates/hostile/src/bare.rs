//! [`Bare`], an encrypted connection without a swarm.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{AsyncReadExt, AsyncWriteExt};
use libp2p::{
    Multiaddr, PeerId, Transport,
    core::{
        Endpoint,
        muxing::{StreamMuxerBox, StreamMuxerExt},
        transport::{DialOpts, PortUse},
    },
    identity::Keypair,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    frames,
    introduction::introduce,
    multistream::{MULTISTREAM, Stream, line},
    transport::{Connections, secured, secured_and_late, tcp},
};

/// A request for a new stream.
type StreamRequest = oneshot::Sender<Stream>;

/// An encrypted connection to a node over TCP that opens streams and writes any bytes. It identifies itself, and refuses every
/// other protocol that the node proposes. It ends when it is dropped.
pub struct Bare {
    key: Keypair,
    requests: mpsc::Sender<StreamRequest>,
}

impl Bare {
    /// Connects with a new key, as a peer of the network with this root. Must be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// If the node does not accept the connection.
    pub async fn dial(address: Multiaddr, root: &str) -> io::Result<Self> {
        Self::dial_over(address, root, |key| secured(tcp(), key)).await
    }

    /// The same, but it answers the pings of yamux this much later. Nothing else is late.
    ///
    /// # Errors
    ///
    /// As [`Bare::dial`].
    pub async fn dial_late(address: Multiaddr, root: &str, delay: Duration) -> io::Result<Self> {
        Self::dial_over(address, root, |key| secured_and_late(key, delay)).await
    }

    async fn dial_over(
        address: Multiaddr,
        root: &str,
        connections: impl FnOnce(&Keypair) -> Connections,
    ) -> io::Result<Self> {
        let key = Keypair::generate_ed25519();
        let options = DialOpts { role: Endpoint::Dialer, port_use: PortUse::New };
        let dialling = connections(&key).dial(address, options).map_err(io::Error::other)?;
        let (_, muxer) = dialling.await?;
        let (requests, requested) = mpsc::channel(64);
        let introduction = frames::identify(root, &key, []);
        tokio::spawn(drive(muxer, requested, introduction));
        Ok(Self { key, requests })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> PeerId {
        self.key.public().to_peer_id()
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &Keypair {
        &self.key
    }

    /// Whether the connection has ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.requests.is_closed()
    }

    /// Opens a stream, and negotiates no protocol on it.
    ///
    /// # Errors
    ///
    /// If the connection has ended.
    pub async fn open(&self) -> io::Result<Stream> {
        let (request, stream) = oneshot::channel();
        self.requests.send(request).await.map_err(|_| ended())?;
        stream.await.map_err(|_| ended())
    }

    /// Opens a stream for a protocol.
    ///
    /// # Errors
    ///
    /// If the connection has ended, or the node does not speak the protocol.
    pub async fn speak(&self, protocol: &str) -> io::Result<Stream> {
        let mut stream = self.open().await?;
        stream.write_all(&[line(MULTISTREAM), line(protocol)].concat()).await?;
        stream.flush().await?;
        for expected in [MULTISTREAM, protocol] {
            let mut answer = vec![0; line(expected).len()];
            stream.read_exact(&mut answer).await?;
            if answer != line(expected) {
                return Err(io::Error::other(format!("the node does not speak {protocol}")));
            }
        }
        Ok(stream)
    }
}

fn ended() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

/// Opens the requested streams, until the connection ends or [`Bare`] is dropped.
async fn drive(
    mut muxer: StreamMuxerBox,
    mut requested: mpsc::Receiver<StreamRequest>,
    introduction: Vec<u8>,
) {
    let mut waiting = VecDeque::new();
    poll_fn(|context| {
        while let Poll::Ready(request) = requested.poll_recv(context) {
            match request {
                Some(request) => waiting.push_back(request),
                None => return Poll::Ready(()),
            }
        }
        advance(&mut muxer, &mut waiting, &introduction, context)
    })
    .await;
}

/// Opens as many requested streams as it can, and answers those that the node opens. Ready when the connection has ended.
fn advance(
    muxer: &mut StreamMuxerBox,
    waiting: &mut VecDeque<StreamRequest>,
    introduction: &[u8],
    context: &mut Context<'_>,
) -> Poll<()> {
    while !waiting.is_empty() {
        match muxer.poll_outbound_unpin(context) {
            Poll::Ready(Ok(stream)) => drop(waiting.pop_front().map(|request| request.send(stream))),
            Poll::Ready(Err(_)) => return Poll::Ready(()),
            Poll::Pending => break,
        }
    }
    loop {
        match muxer.poll_inbound_unpin(context) {
            Poll::Ready(Ok(stream)) => drop(tokio::spawn(introduce(stream, introduction.to_vec()))),
            Poll::Ready(Err(_)) => return Poll::Ready(()),
            Poll::Pending => match ready!(muxer.poll_unpin(context)) {
                Ok(_) => {}
                Err(_) => return Poll::Ready(()),
            },
        }
    }
}
