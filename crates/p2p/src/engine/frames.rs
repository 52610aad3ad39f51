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

/// A connection below yamux. Follows the frames as they pass, and counts the bytes that arrive for each stream. While too many
/// are unread, reads no further frame.
pub(super) struct Frames<C> {
    socket: C,
    unread: Unread,
    header: [u8; HEADER],
    /// Bytes of the header that have arrived.
    filled: usize,
    /// Bytes of the frame that have not arrived.
    left: usize,
}

impl<C> Frames<C> {
    pub(super) fn new(socket: C, unread: Unread) -> Self {
        Self { socket, unread, header: [0; HEADER], filled: 0, left: 0 }
    }

    /// Follows bytes that reach at most to the end of the header or frame.
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

    /// Handles a frame's header, which is complete.
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

#[cfg(test)]
mod tests {
    use futures_util::{AsyncReadExt, FutureExt, io::Cursor};

    use super::*;
    use crate::engine::unread::MAX_UNREAD;

    /// A frame. One with bytes for a stream has as many as its header says.
    fn frame(kind: u8, flags: u8, stream: u32, length: u32) -> Vec<u8> {
        let header = [&[0, kind, 0, flags][..], &stream.to_be_bytes(), &length.to_be_bytes()].concat();
        [header, vec![7; if kind == DATA { length as usize } else { 0 }]].concat()
    }

    /// A connection on which these frames arrive, and its unread bytes.
    fn sent(frames: &[Vec<u8>]) -> (Frames<Cursor<Vec<u8>>>, Unread) {
        let unread = Unread::default();
        (Frames::new(Cursor::new(frames.concat()), unread.clone()), unread)
    }

    /// Reads a whole number of frames of this length.
    async fn read(frames: &mut Frames<Cursor<Vec<u8>>>, count: usize, length: u32) {
        frames.read_exact(&mut vec![0; count * (HEADER + length as usize)]).await.unwrap();
    }

    #[tokio::test]
    async fn bytes_of_open_streams_count() {
        let others = [frame(WINDOW_UPDATE, 0, 1, 9), frame(2, SYN, 1, 9), frame(DATA, 0, 5, 9)];
        let (mut frames, unread) = sent(&[
            frame(DATA, SYN, 1, 100),
            frame(WINDOW_UPDATE, SYN, 3, 1_000),
            others.concat(),
            frame(DATA, 0, 3, 20),
            frame(DATA, 0, 1, 3),
        ]);
        frames.read_exact(&mut [0; 5]).await.unwrap();
        frames.read_exact(&mut [0; HEADER + 100 - 5]).await.unwrap();
        unread.begin(1);
        assert_eq!(unread.bytes(), 100);
        read(&mut frames, 1, 0).await;
        unread.begin(3);
        assert_eq!(unread.bytes(), 100, "a larger window adds no bytes");
        // Byte by byte, so that no header arrives whole.
        let mut byte = [0];
        while frames.read(&mut byte).await.unwrap() > 0 {}
        assert_eq!(unread.bytes(), 123);
    }

    #[tokio::test]
    async fn frame_of_256_kib_is_the_largest() {
        for (kind, length, is_read) in
            [(DATA, LARGEST, true), (DATA, LARGEST + 1, false), (WINDOW_UPDATE, LARGEST + 1, true)]
        {
            let (mut frames, _) = sent(&[frame(kind, 0, 1, length)]);
            let read = frames.read_to_end(&mut Vec::new()).await;
            assert_eq!(read.is_ok(), is_read, "{kind}: {length}");
        }
    }

    #[tokio::test]
    async fn full_connection_finishes_its_frame_and_waits_for_a_read() {
        let (mut frames, unread) = sent(&[
            frame(DATA, SYN, 1, LARGEST),
            frame(DATA, 0, 1, LARGEST),
            frame(DATA, 0, 1, LARGEST - 1),
            frame(DATA, 0, 1, LARGEST),
            frame(DATA, 0, 1, 1),
        ]);
        read(&mut frames, 1, LARGEST).await;
        unread.begin(1);
        read(&mut frames, 1, LARGEST).await;
        read(&mut frames, 1, LARGEST - 1).await;
        read(&mut frames, 1, LARGEST).await;
        let is_held =
            |frames: &mut Frames<_>| frames.read(&mut [0]).now_or_never().is_none() && unread.is_full();
        assert!(is_held(&mut frames));
        unread.read(1, LARGEST as usize - 1);
        assert_eq!(unread.bytes(), MAX_UNREAD);
        assert!(unread.is_full() && is_held(&mut frames));
        unread.read(1, 1);
        assert!(!unread.is_full());
        read(&mut frames, 1, 1).await;
        assert_eq!(unread.bytes(), MAX_UNREAD);
    }
}
