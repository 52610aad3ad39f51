use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{AsyncRead, AsyncWrite, FutureExt};
use tokio::time::{Instant, Sleep, sleep_until};

const CHUNK: usize = 16 << 10;
/// Bytes under way. The other side waits when there are more.
const MAX_UNDER_WAY: usize = 4 << 20;

/// A connection whose bytes arrive later, for measurements over channels in this process.
pub(super) struct Delayed<S> {
    stream: S,
    latency: Duration,
    under_way: VecDeque<(Instant, Vec<u8>)>,
    bytes: usize,
    ended: bool,
    timer: Pin<Box<Sleep>>,
}

impl<S> Delayed<S> {
    pub(super) fn new(stream: S, latency: Duration) -> Self {
        let timer = Box::pin(sleep_until(Instant::now()));
        Self { stream, latency, under_way: VecDeque::new(), bytes: 0, ended: false, timer }
    }

    /// Hands out bytes that are due.
    fn arrived(&mut self, to: &mut [u8]) -> Option<usize> {
        let (_, bytes) = self.under_way.front_mut().filter(|(due, _)| *due <= Instant::now())?;
        let count = bytes.len().min(to.len());
        to[..count].copy_from_slice(&bytes[..count]);
        bytes.drain(..count);
        if bytes.is_empty() {
            self.under_way.pop_front();
        }
        self.bytes -= count;
        Some(count)
    }
}

impl<S: AsyncRead + Unpin> Delayed<S> {
    /// Takes what the other side has sent, and notes when it is due.
    fn take_off(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let mut chunk = [0; CHUNK];
        while !self.ended && self.bytes < MAX_UNDER_WAY {
            match Pin::new(&mut self.stream).poll_read(context, &mut chunk) {
                Poll::Pending => break,
                Poll::Ready(count) => match count? {
                    0 => self.ended = true,
                    count => {
                        self.under_way.push_back((Instant::now() + self.latency, chunk[..count].to_vec()));
                        self.bytes += count;
                    }
                },
            }
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Delayed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            self.take_off(context)?;
            if let Some(count) = self.arrived(to) {
                return Poll::Ready(Ok(count));
            }
            match self.under_way.front().map(|(due, _)| *due) {
                None if self.ended => return Poll::Ready(Ok(0)),
                None => return Poll::Pending,
                Some(due) => self.timer.as_mut().reset(due),
            }
            if self.timer.poll_unpin(context).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Delayed<S> {
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

#[cfg(test)]
mod tests {
    use futures_util::{AsyncReadExt, io::Cursor};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bytes_arrive_in_order_after_the_latency() {
        let start = Instant::now();
        let sent: Vec<u8> = (0..100_000u32).map(|number| number as u8).collect();
        let mut stream = Delayed::new(Cursor::new(sent.clone()), Duration::from_millis(50));
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, sent);
        assert!((50..60).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    }
}
