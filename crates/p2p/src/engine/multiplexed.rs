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
use yamux::{Config, Connection, ConnectionError, DEFAULT_CREDIT, Mode};

use super::{
    frames::Frames,
    unread::{Stream, Unread},
};

/// Streams of one connection, theirs and ours: the requests, and a few of each other protocol.
const MAX_STREAMS: usize = 40;

/// Makes one connection carry many streams, with [yamux](https://github.com/hashicorp/yamux/blob/master/spec.md).
///
/// libp2p's own upgrade lets the windows of a connection grow to 1 GiB together, and has no setting for that. They grow with
/// the round trip, which a peer lengthens as it likes by answering late. Here they grow by [`GROWTH`] together, and [`Unread`]
/// bounds what all of them hold.
#[derive(Clone, Copy)]
pub(super) struct Multiplexed;

/// What all windows of a connection may grow by together. If they kept the 256 KiB that they begin with, a page of 1 MiB would
/// wait for its reader several times: a sync then takes a tenth longer.
const GROWTH: usize = 6 << 20;

fn config(growth: usize) -> Config {
    let windows = MAX_STREAMS * DEFAULT_CREDIT as usize + growth;
    let mut config = Config::default();
    config.set_max_num_streams(MAX_STREAMS).set_max_connection_receive_window(Some(windows));
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
        ready(Ok(Muxer::new(socket, config(GROWTH), Mode::Server)))
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for Multiplexed {
    type Output = Muxer<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Muxer<C>>>;

    fn upgrade_outbound(self, socket: C, _: Self::Info) -> Self::Future {
        ready(Ok(Muxer::new(socket, config(GROWTH), Mode::Client)))
    }
}

/// A connection and the streams on it.
pub(super) struct Muxer<C> {
    connection: Connection<Frames<C>>,
    unread: Unread,
    /// Streams that the other side opened while nobody asked for one: at most [`MAX_STREAMS`].
    opened: VecDeque<Stream>,
    /// Who waits for a stream of the other side.
    waiting: Option<Waker>,
}

impl<C: AsyncRead + AsyncWrite + Unpin> Muxer<C> {
    fn new(socket: C, config: Config, mode: Mode) -> Self {
        let unread = Unread::default();
        let connection = Connection::new(Frames::new(socket, unread.clone()), config, mode);
        Self { connection, unread, opened: VecDeque::new(), waiting: None }
    }

    /// Reads and writes frames until the other side opens a stream.
    fn poll_frames(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        match ready!(self.connection.poll_next_inbound(context)) {
            Some(stream) => Poll::Ready(stream.map(|stream| self.unread.count(stream)).map_err(io_error)),
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
        let opened = ready!(self.connection.poll_new_outbound(context)).map_err(io_error)?;
        Poll::Ready(Ok(self.unread.count(opened)))
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
        // Let other tasks run before the next frame.
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
mod tests;
