//! A client's connection: counts its traffic, and can be cut off.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::limits::{Guards, Usage};

/// How actix-http's answer to a malformed request begins. The handlers never see such a request.
const BAD_REQUEST: &[u8] = b"HTTP/1.1 400 ";

/// An admitted connection. Dropping it makes room for another.
pub(super) struct Connection {
    stream: TcpStream,
    usage: Arc<Usage>,
    guards: Arc<Guards>,
    client: IpAddr,
    /// The first byte received.
    first: Option<u8>,
    /// Whether the last read filled the buffer: parse that before reading more.
    is_full: bool,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, client: IpAddr, usage: Arc<Usage>, guards: Arc<Guards>) -> Self {
        Self { stream, usage, guards, client: client.to_canonical(), first: None, is_full: false }
    }

    pub(super) fn usage(&self) -> &Arc<Usage> {
        &self.usage
    }

    fn check(&self) -> io::Result<()> {
        if self.usage.is_cut() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    /// Returns pending, or an error if the connection was cut off.
    fn pending<T>(&self, context: &Context<'_>) -> Poll<io::Result<T>> {
        self.usage.wait(context);
        self.check()?;
        Poll::Pending
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check()?;
        if std::mem::take(&mut this.is_full) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let room = this.usage.room().min(buffer.remaining());
        if room == 0 {
            this.usage.withhold(context.waker());
            return this.pending(context);
        }
        // Check first, so that the buffer is zeroed only if there is something to read.
        if this.stream.poll_read_ready(context)?.is_pending() {
            return this.pending(context);
        }
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(room));
        let read = Pin::new(&mut this.stream).poll_read(context, &mut part);
        let bytes = part.filled().len();
        this.first = this.first.or(part.filled().first().copied());
        if read.is_pending() {
            return this.pending(context);
        }
        buffer.advance(bytes);
        this.is_full = this.usage.read(bytes);
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check()?;
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        if written.is_pending() {
            this.usage.stall();
            return this.pending(context);
        }
        let written = ready!(written)?;
        if this.usage.is_new() && bytes.starts_with(BAD_REQUEST) {
            this.guards.requests.not_http(this.client, this.first);
        }
        this.usage.sent(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.usage.is_cut() {
            // Reset the connection: the kernel drops unsent data, and the client sees that the answer is incomplete.
            let _ = self.stream.set_zero_linger();
        }
        self.guards.connections.remove(&self.usage);
    }
}

#[cfg(test)]
mod tests;
