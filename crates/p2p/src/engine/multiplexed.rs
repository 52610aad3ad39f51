use std::{
    collections::VecDeque,
    future::{Ready, ready},
    io, iter,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use futures_util::{AsyncRead, AsyncWrite};
use libp2p::core::{
    UpgradeInfo,
    muxing::{StreamMuxer, StreamMuxerEvent},
    upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade},
};
use yamux::{Config, Connection, ConnectionError, DEFAULT_CREDIT, Mode, Stream};

/// Streams of one connection, theirs and ours: the questions, and a few of each other protocol.
const MAX_STREAMS: usize = 40;

/// Makes one connection carry many streams, by [yamux](https://github.com/hashicorp/yamux/blob/master/spec.md).
///
/// libp2p's own upgrade lets the windows of a connection grow to 1 GiB together, and has no setting for that. They grow with
/// the round trip, which a peer lengthens as it likes by answering late. Here a stream keeps the window of 256 KiB that it
/// begins with.
#[derive(Clone, Copy)]
pub(super) struct Multiplexed;

/// What one peer can send on a connection before this node has read it. The rest waits with the peer.
const UNREAD_BYTES: usize = MAX_STREAMS * DEFAULT_CREDIT as usize;

fn config() -> Config {
    let mut config = Config::default();
    config.set_max_num_streams(MAX_STREAMS).set_max_connection_receive_window(Some(UNREAD_BYTES));
    config
}

impl UpgradeInfo for Multiplexed {
    type Info = &'static str;
    type InfoIter = iter::Once<Self::Info>;

    fn protocol_info(&self) -> Self::InfoIter {
        iter::once("/yamux/1.0.0")
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C> for Multiplexed {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Muxer<C>>>;

    fn upgrade_inbound(self, socket: C, _: Self::Info) -> Self::Future {
        ready(Ok(Muxer::new(socket, config(), Mode::Server)))
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for Multiplexed {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Muxer<C>>>;

    fn upgrade_outbound(self, socket: C, _: Self::Info) -> Self::Future {
        ready(Ok(Muxer::new(socket, config(), Mode::Client)))
    }
}

/// A connection and the streams on it.
pub(super) struct Muxer<C> {
    connection: Connection<C>,
    /// Streams that the other side opened while nobody asked for one: at most [`MAX_STREAMS`].
    opened: VecDeque<Stream>,
    /// Who waits for a stream of the other side.
    waiting: Option<Waker>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Muxer<C> {
    fn new(socket: C, config: Config, mode: Mode) -> Self {
        Self { connection: Connection::new(socket, config, mode), opened: VecDeque::new(), waiting: None }
    }

    /// Reads and writes frames until the other side opens a stream.
    fn poll_frames(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        match ready!(self.connection.poll_next_inbound(context)) {
            Some(stream) => Poll::Ready(stream.map_err(io_error)),
            None => Poll::Ready(Err(io_error(ConnectionError::Closed))),
        }
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> StreamMuxer for Muxer<C> {
    type Substream = Stream;
    type Error = io::Error;

    fn poll_inbound(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        if let Some(stream) = self.opened.pop_front() {
            return Poll::Ready(Ok(stream));
        }
        let polled = self.poll_frames(context);
        if polled.is_pending() {
            self.waiting = Some(context.waker().clone());
        }
        polled
    }

    fn poll_outbound(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        self.connection.poll_new_outbound(context).map_err(io_error)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.connection.poll_close(context).map_err(io_error)
    }

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<StreamMuxerEvent>> {
        let stream = ready!(self.poll_frames(context))?;
        self.opened.push_back(stream);
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
        // Others may run before the next frame.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn io_error(error: ConnectionError) -> io::Error {
    match error {
        ConnectionError::Io(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, time::Duration};

    use futures_util::{AsyncReadExt, AsyncWriteExt};
    use libp2p::tcp::tokio::TcpStream;
    use tokio::{net, sync::watch, time::timeout};

    use super::*;
    use crate::{engine::delayed::Delayed, settings::Link};

    type Side = Muxer<Delayed<TcpStream>>;

    /// Two ends of a connection on which bytes take some milliseconds. The first end keeps the limits of `config`.
    async fn connection(other: Config) -> (Side, Side) {
        let listener = net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let dialled = net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (accepted, _) = listener.accept().await.unwrap();
        let link = Link { latency: Duration::from_millis(10), lost_per_mille: 0 };
        let slow = |stream| Delayed::new(TcpStream(stream), link);
        (Muxer::new(slow(dialled), other, Mode::Client), Muxer::new(slow(accepted), config(), Mode::Server))
    }

    /// Reads and writes frames until the connection ends.
    async fn carry(mut side: Side) -> io::Error {
        match poll_fn(|context| Pin::new(&mut side).poll(context)).await {
            Err(error) => error,
            Ok(event) => panic!("{event:?}"),
        }
    }

    #[tokio::test]
    async fn peer_sends_one_window_ahead_of_what_was_read() {
        const ALL: usize = 4 << 20;
        let (mut sender, mut receiver) = connection(Config::default()).await;
        let mut out = poll_fn(|context| Pin::new(&mut sender).poll_outbound(context)).await.unwrap();
        tokio::spawn(carry(sender));
        let (reader, read) = watch::channel(0);
        let sending = tokio::spawn(async move {
            let (chunk, mut sent, mut ahead) = (vec![0; 16 << 10], 0, 0);
            while sent < ALL {
                sent += out.write(&chunk).await.unwrap();
                ahead = ahead.max(sent - *read.borrow());
            }
            ahead
        });
        let mut stream = poll_fn(|context| Pin::new(&mut receiver).poll_inbound(context)).await.unwrap();
        tokio::spawn(carry(receiver));
        let (mut chunk, mut total) = (vec![0; 64 << 10], 0);
        while total < ALL {
            total += stream.read(&mut chunk).await.unwrap();
            reader.send_replace(total);
        }
        assert_eq!(sending.await.unwrap(), DEFAULT_CREDIT as usize);
    }

    #[tokio::test]
    async fn peer_that_opens_too_many_streams_is_cut_off() {
        let (mut greedy, receiver) = connection(Config::default()).await;
        let cut_off = tokio::spawn(carry(receiver));
        let mut opened = Vec::new();
        for _ in 0..=MAX_STREAMS {
            let mut stream = poll_fn(|context| Pin::new(&mut greedy).poll_outbound(context)).await.unwrap();
            stream.write_all(b"a").await.unwrap();
            opened.push(stream);
        }
        tokio::spawn(carry(greedy));
        let ended = timeout(Duration::from_secs(10), cut_off).await.expect("the connection goes on");
        assert!(ended.unwrap().to_string().contains("closed"));
    }
}
