use std::{
    collections::HashMap,
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker, ready},
};

use futures_util::{AsyncRead, AsyncWrite};

/// A connection with this many unread bytes is not read. The last frame before that may bring 256 KiB more.
pub(super) const MAX_UNREAD: usize = 768 << 10;

/// The bytes of one connection that have arrived, and that nobody has read from their streams.
///
/// The windows of all streams allow 16 MiB. A peer could fill them with streams that nobody reads: those that wait for a slot in
/// negotiation, and those with more bytes than a request may have. When too many bytes are unread, the connection is not read,
/// and the rest waits in the peer's own memory. Streams must be read concurrently: one that waits for another may wait for ever.
#[derive(Clone, Default)]
pub(super) struct Unread(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    all: usize,
    streams: HashMap<u32, usize>,
    /// The stream of the last frame that opens one, and the bytes in that frame. yamux may refuse the stream.
    opening: (u32, usize),
    /// Who waits until some bytes are read.
    waiting: Option<Waker>,
}

impl Unread {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of unread bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.counts().all
    }

    /// Whether the connection is held back.
    #[cfg(test)]
    pub(super) fn is_full(&self) -> bool {
        self.counts().waiting.is_some()
    }

    /// Ready if more may arrive.
    pub(super) fn poll_room(&self, context: &Context<'_>) -> Poll<()> {
        let mut counts = self.counts();
        if counts.all < MAX_UNREAD {
            return Poll::Ready(());
        }
        counts.waiting = Some(context.waker().clone());
        Poll::Pending
    }

    /// Notes a frame that opens a stream.
    pub(super) fn opens(&self, stream: u32, bytes: usize) {
        self.counts().opening = (stream, bytes);
    }

    /// Counts a frame for a stream. yamux drops frames for streams that do not exist.
    pub(super) fn arrive(&self, stream: u32, bytes: usize) {
        let mut counts = self.counts();
        if let Some(unread) = counts.streams.get_mut(&stream) {
            *unread += bytes;
            counts.all += bytes;
        }
    }

    /// Counts the bytes of a stream from now on.
    pub(super) fn count(&self, stream: yamux::Stream) -> Stream {
        let id = stream.id().val();
        self.begin(id);
        Stream { stream, id, unread: self.clone() }
    }

    /// Begins to count for a stream, with the bytes of the frame that opened it.
    pub(super) fn begin(&self, stream: u32) {
        let mut counts = self.counts();
        let (opened, bytes) = counts.opening;
        let bytes = if opened == stream { bytes } else { 0 };
        counts.streams.insert(stream, bytes);
        counts.all += bytes;
    }

    /// Subtracts bytes that were read from a stream.
    pub(super) fn read(&self, stream: u32, bytes: usize) {
        let mut counts = self.counts();
        if let Some(unread) = counts.streams.get_mut(&stream) {
            *unread = unread.saturating_sub(bytes);
            counts.free(bytes);
        }
    }

    fn end(&self, stream: u32) {
        let mut counts = self.counts();
        if let Some(bytes) = counts.streams.remove(&stream) {
            counts.free(bytes);
        }
    }
}

impl Counts {
    fn free(&mut self, bytes: usize) {
        self.all = self.all.saturating_sub(bytes);
        if self.all < MAX_UNREAD
            && let Some(waiting) = self.waiting.take()
        {
            waiting.wake();
        }
    }
}

/// A stream whose bytes are unread until somebody reads them.
pub(super) struct Stream {
    stream: yamux::Stream,
    id: u32,
    unread: Unread,
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_read(context, to))?;
        self.unread.read(self.id, count);
        Poll::Ready(Ok(count))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(context)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.unread.end(self.id);
    }
}
