use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{AsyncRead, AsyncWrite, FutureExt};
use libp2p::{
    core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo},
    yamux::{Config, Muxer},
};
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes of a frame's header: version, kind, flags (2), stream (4), length (4).
const HEADER: usize = 12;
const DATA: u8 = 0;
const PING: u8 = 2;
/// The flag of a ping that asks for an answer, in the second byte of the flags.
const SYN: u8 = 1;

/// yamux that answers each ping late and everything else at once. The other side measures a long round trip, and enlarges its
/// windows.
#[derive(Clone)]
pub(crate) struct LatePings {
    pub(crate) yamux: Config,
    pub(crate) delay: Duration,
}

impl UpgradeInfo for LatePings {
    type Info = <Config as UpgradeInfo>::Info;
    type InfoIter = <Config as UpgradeInfo>::InfoIter;

    fn protocol_info(&self) -> Self::InfoIter {
        self.yamux.protocol_info()
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C> for LatePings {
    type Output = Muxer<DelayedPings<C>>;
    type Error = io::Error;
    type Future = <Config as InboundConnectionUpgrade<DelayedPings<C>>>::Future;

    fn upgrade_inbound(self, socket: C, info: Self::Info) -> Self::Future {
        self.yamux.upgrade_inbound(DelayedPings::new(socket, self.delay), info)
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for LatePings {
    type Output = Muxer<DelayedPings<C>>;
    type Error = io::Error;
    type Future = <Config as OutboundConnectionUpgrade<DelayedPings<C>>>::Future;

    fn upgrade_outbound(self, socket: C, info: Self::Info) -> Self::Future {
        self.yamux.upgrade_outbound(DelayedPings::new(socket, self.delay), info)
    }
}

/// A connection below yamux from which the other side's pings come late.
pub(crate) struct DelayedPings<C> {
    socket: C,
    delay: Duration,
    header: [u8; HEADER],
    /// Bytes of the header that have come.
    filled: usize,
    /// Bytes of the current header that yamux has read. `HEADER` if it has read all.
    given: usize,
    /// Bytes of the frame's body that have not come.
    left: usize,
    pings: VecDeque<(Instant, [u8; HEADER])>,
    timer: Pin<Box<Sleep>>,
}

impl<C: AsyncRead + Unpin> DelayedPings<C> {
    fn new(socket: C, delay: Duration) -> Self {
        let timer = Box::pin(sleep_until(Instant::now()));
        let (filled, given, left) = (0, HEADER, 0);
        Self { socket, delay, header: [0; HEADER], filled, given, left, pings: VecDeque::new(), timer }
    }

    /// Reads the next header that is due. Returns false at the end of the connection.
    fn poll_header(&mut self, context: &mut Context<'_>) -> Poll<io::Result<bool>> {
        loop {
            if self.filled == 0
                && let Some((due, ping)) = self.pings.front().copied()
            {
                self.timer.as_mut().reset(due);
                if self.timer.poll_unpin(context).is_ready() {
                    self.pings.pop_front();
                    (self.header, self.given) = (ping, 0);
                    return Poll::Ready(Ok(true));
                }
            }
            let rest = &mut self.header[self.filled..];
            let count = ready!(Pin::new(&mut self.socket).poll_read(context, rest))?;
            self.filled += count;
            if count == 0 || self.filled == HEADER && self.begin() {
                return Poll::Ready(Ok(count > 0));
            }
        }
    }

    /// Handles a whole header. Returns false for a ping, which waits.
    fn begin(&mut self) -> bool {
        let [_, kind, _, flags, .., l0, l1, l2, l3] = self.header;
        self.filled = 0;
        if kind == PING && flags & SYN != 0 {
            self.pings.push_back((Instant::now() + self.delay, self.header));
            return false;
        }
        self.left = if kind == DATA { u32::from_be_bytes([l0, l1, l2, l3]) as usize } else { 0 };
        self.given = 0;
        true
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for DelayedPings<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if self.given == HEADER && self.left > 0 {
            let most = self.left.min(to.len());
            let count = ready!(Pin::new(&mut self.socket).poll_read(context, &mut to[..most]))?;
            self.left -= count;
            return Poll::Ready(Ok(count));
        }
        if self.given == HEADER && !ready!(self.poll_header(context))? {
            return Poll::Ready(Ok(0));
        }
        let count = (HEADER - self.given).min(to.len());
        to[..count].copy_from_slice(&self.header[self.given..][..count]);
        self.given += count;
        Poll::Ready(Ok(count))
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for DelayedPings<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_close(context)
    }
}
