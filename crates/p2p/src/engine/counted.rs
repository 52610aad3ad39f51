use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use futures_util::{AsyncRead, AsyncWrite};

/// The bytes of all connections, with everything that libp2p adds to them.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) received: AtomicU64,
    pub(crate) sent: AtomicU64,
}

/// A connection whose bytes are counted.
pub(super) struct Counted<S> {
    stream: S,
    traffic: Arc<Traffic>,
}

impl<S> Counted<S> {
    pub(super) fn new(stream: S, traffic: Arc<Traffic>) -> Self {
        Self { stream, traffic }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_read(context, to))?;
        self.traffic.received.fetch_add(count as u64, Relaxed);
        Poll::Ready(Ok(count))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.stream).poll_write(context, from))?;
        self.traffic.sent.fetch_add(count as u64, Relaxed);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(context)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{AsyncReadExt, AsyncWriteExt, io::Cursor};

    use super::*;

    #[tokio::test]
    async fn bytes_are_counted_each_way() {
        let traffic = Arc::<Traffic>::default();
        let mut stream = Counted::new(Cursor::new(vec![0; 10]), traffic.clone());
        stream.read_exact(&mut [0; 3]).await.unwrap();
        stream.write_all(&[1; 5]).await.unwrap();
        stream.write_all(&[1; 2]).await.unwrap();
        assert_eq!((traffic.received.load(Relaxed), traffic.sent.load(Relaxed)), (3, 7));
        assert_eq!(stream.stream.into_inner(), [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    }
}
