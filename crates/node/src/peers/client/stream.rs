//! A connection to a peer, with the response rewritten for awc.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::rt::net::{ActixStream, Ready as Readiness, TcpStream};
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::head::{Body, Head, HeadError, Heads};

/// Bytes read at a time until the head is complete.
const PIECE: usize = 8 << 10;

/// Holds back the head of the response until it is complete, then rewrites it for awc. Passes the body through
/// unchanged, but fails if it ends early, which awc does not notice.
#[derive(Debug)]
pub(super) struct AnswerStream {
    connection: TcpStream,
    reading: Reading,
}

#[derive(Debug)]
enum Reading {
    /// The head, the timer and the time it was set to.
    Head(Heads, Pin<Box<Sleep>>, Duration),
    /// Held-back bytes that awc has not read yet, and where the body ends.
    Body(Bytes, Body),
}

impl AnswerStream {
    /// Wraps a connection whose response must begin within `first_byte`.
    pub(super) fn new(connection: TcpStream, first_byte: Duration) -> Self {
        let late = Box::pin(sleep(first_byte));
        Self { connection, reading: Reading::Head(Heads::default(), late, first_byte) }
    }
}

impl AsyncRead for AnswerStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { connection, reading } = self.get_mut();
        loop {
            match reading {
                Reading::Head(heads, late, time) => {
                    let Poll::Ready(head) = poll_head(connection, heads, cx)? else {
                        ready!(late.as_mut().poll(cx));
                        return Poll::Ready(Err(io::Error::other(HeadError::Late(*time))));
                    };
                    let Head { bytes, rest, body } = head;
                    *reading = Reading::Body([bytes, rest].concat().into(), body);
                }
                Reading::Body(held, _) if !held.is_empty() => {
                    let length = held.len().min(buf.remaining());
                    buf.put_slice(&held[..length]);
                    held.advance(length);
                    return Poll::Ready(Ok(()));
                }
                Reading::Body(_, body) => return poll_body(connection, *body, cx, buf),
            }
        }
    }
}

fn poll_head(connection: &mut TcpStream, heads: &mut Heads, cx: &mut Context<'_>) -> Poll<io::Result<Head>> {
    loop {
        let mut piece = [0; PIECE];
        let mut piece = ReadBuf::new(&mut piece);
        ready!(Pin::new(&mut *connection).poll_read(cx, &mut piece))?;
        if piece.filled().is_empty() {
            return Poll::Ready(Err(io::Error::other(HeadError::HungUp)));
        }
        if let Some(head) = heads.feed(piece.filled()).map_err(io::Error::other)? {
            return Poll::Ready(Ok(head));
        }
    }
}

fn poll_body(
    connection: &mut TcpStream,
    body: Body,
    cx: &mut Context<'_>,
    buf: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let left = buf.remaining();
    ready!(Pin::new(connection).poll_read(cx, buf))?;
    // awc stops reading at the end that the head promised.
    if buf.remaining() == left && matches!(body, Body::Length(_) | Body::Chunks) {
        return Poll::Ready(Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "it closed before the answer was complete",
        )));
    }
    Poll::Ready(Ok(()))
}

impl AsyncWrite for AnswerStream {
    /// Writes the request. Ignores an error: what the peer has sent by then says more.
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.get_mut().connection).poll_write(cx, buf));
        Poll::Ready(written.or(Ok(buf.len())))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().connection).poll_shutdown(cx)
    }
}

impl ActixStream for AnswerStream {
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Readiness>> {
        ActixStream::poll_read_ready(&self.connection, cx)
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Readiness>> {
        ActixStream::poll_write_ready(&self.connection, cx)
    }
}
