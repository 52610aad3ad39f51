use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{AsyncRead, AsyncWrite};
use yamux::DEFAULT_CREDIT;

use super::unread::Unread;

/// The most bytes of a frame: what a stream may carry before its window grows.
const LARGEST: u32 = DEFAULT_CREDIT;
/// Bytes of a frame's header: version, kind, flags (2), stream (4), length (4).
const HEADER: usize = 12;
/// The kind of a frame with bytes for a stream.
const DATA: u8 = 0;
/// The kind of a frame that enlarges a window.
const WINDOW_UPDATE: u8 = 1;
/// The flag of a frame that opens a stream, in the second byte of the flags.
const SYN: u8 = 1;

/// A connection below yamux, whose frames are followed as they pass, to count the bytes that come for each stream. While too
/// many are unread, no further frame is read.
pub(super) struct Frames<C> {
    socket: C,
    unread: Unread,
    header: [u8; HEADER],
    /// Bytes of the header that have come.
    filled: usize,
    /// Bytes of the frame that have not come.
    left: usize,
}

impl<C> Frames<C> {
    pub(super) fn new(socket: C, unread: Unread) -> Self {
        Self { socket, unread, header: [0; HEADER], filled: 0, left: 0 }
    }

    /// Follows bytes that reach no further than the end of the header, or of the frame.
    fn follow(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.left > 0 {
            self.left -= bytes.len();
            return Ok(());
        }
        self.header[self.filled..][..bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
        if self.filled < HEADER {
            return Ok(());
        }
        self.filled = 0;
        self.begin()
    }

    /// The header of a frame has come.
    fn begin(&mut self) -> io::Result<()> {
        let [_, kind, _, flags, s0, s1, s2, s3, l0, l1, l2, l3] = self.header;
        let (stream, length) = (u32::from_be_bytes([s0, s1, s2, s3]), u32::from_be_bytes([l0, l1, l2, l3]));
        let bytes = if kind == DATA { length } else { 0 };
        if bytes > LARGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame of more than 256 KiB"));
        }
        self.left = bytes as usize;
        match (kind, flags & SYN != 0) {
            (DATA | WINDOW_UPDATE, true) => self.unread.opens(stream, self.left),
            (DATA, false) => self.unread.arrive(stream, self.left),
            _ => {}
        }
        Ok(())
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Frames<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if self.filled == 0 && self.left == 0 {
            ready!(self.unread.poll_room(context));
        }
        let part = if self.left > 0 { self.left } else { HEADER - self.filled };
        let most = part.min(to.len());
        let count = ready!(Pin::new(&mut self.socket).poll_read(context, &mut to[..most]))?;
        self.follow(&to[..count])?;
        Poll::Ready(Ok(count))
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Frames<C> {
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
