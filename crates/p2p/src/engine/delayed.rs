use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{AsyncRead, AsyncWrite, FutureExt};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{random, settings::Link};

/// Bytes of data in an Ethernet frame, besides the headers of IP and TCP.
const PACKET: usize = 1_448;
/// How much later a lost packet arrives: Linux sends it again after 200 ms.
const RESEND: Duration = Duration::from_millis(200);
const CHUNK: usize = 16 << 10;
/// Maximum bytes under way. Beyond that, the other side waits.
const MAX_UNDER_WAY: usize = 4 << 20;

/// A connection whose bytes arrive later, for measurements over channels in this process.
pub(super) struct Delayed<S> {
    stream: S,
    latency: Duration,
    lost_per_mille: u16,
    /// When the last bytes are due. Later ones never overtake them.
    last_due: Instant,
    under_way: VecDeque<(Instant, Vec<u8>)>,
    bytes: usize,
    ended: bool,
    timer: Pin<Box<Sleep>>,
}

impl<S> Delayed<S> {
    pub(super) fn new(stream: S, Link { latency, lost_per_mille }: Link) -> Self {
        let now = Instant::now();
        Self {
            stream,
            latency: latency.mul_f64(0.5 + random::unit()),
            lost_per_mille,
            last_due: now,
            under_way: VecDeque::new(),
            bytes: 0,
            ended: false,
            timer: Box::pin(sleep_until(now)),
        }
    }

    /// When bytes that are sent now arrive.
    fn due(&mut self, bytes: usize) -> Instant {
        let share = f64::from(self.lost_per_mille) / 1e3;
        let is_lost = share > 0.0 && (0..bytes.div_ceil(PACKET)).any(|_| random::unit() < share);
        let resent = if is_lost { RESEND } else { Duration::ZERO };
        self.last_due = self.last_due.max(Instant::now() + self.latency + resent);
        self.last_due
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
                        let due = self.due(count);
                        self.under_way.push_back((due, chunk[..count].to_vec()));
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

    /// Reads 100,000 bytes over a link. Returns its latency, and the milliseconds that they took beyond it.
    async fn journey(link: Link) -> (u128, u128) {
        let start = Instant::now();
        let sent: Vec<u8> = (0..100_000u32).map(|number| number as u8).collect();
        let mut stream = Delayed::new(Cursor::new(sent.clone()), link);
        let latency = stream.latency.as_millis();
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, sent);
        (latency, start.elapsed().as_millis() - latency)
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_arrive_in_order_after_the_latency() {
        let (latency, beyond) = journey(Link { latency: Duration::from_millis(50), lost_per_mille: 0 }).await;
        assert!((25..=75).contains(&latency) && beyond <= 2, "{latency}, {beyond}");
    }

    #[tokio::test(start_paused = true)]
    async fn lost_packets_are_as_rare_as_the_link_says() {
        let link = Link { latency: Duration::from_millis(50), lost_per_mille: 1 };
        let mut late = 0;
        for _ in 0..100 {
            let (_, beyond) = journey(link).await;
            late += u32::from(beyond >= 200);
        }
        // In about seven of a hundred journeys, one of 70 packets is lost.
        assert!(late < 50, "{late} of 100");
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_under_way_are_bounded() {
        let link = Link { latency: Duration::from_millis(50), lost_per_mille: 0 };
        let mut stream = Delayed::new(Cursor::new(vec![7; 3 * MAX_UNDER_WAY]), link);
        stream.read_exact(&mut [0]).await.unwrap();
        assert_eq!(stream.bytes, MAX_UNDER_WAY - 1);
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!((rest.len(), stream.bytes), (3 * MAX_UNDER_WAY - 1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn lost_packets_delay_all_behind_them_once() {
        let (_, beyond) = journey(Link { latency: Duration::from_millis(50), lost_per_mille: 1_000 }).await;
        assert!((200..=202).contains(&beyond), "{beyond}");
    }
}
