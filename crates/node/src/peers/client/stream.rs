//! A connection to a peer as awc sees it.

use std::cell::RefCell;
use std::future::{self, Ready};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_service::Service;
use actix_tls::connect::{ConnectError, ConnectInfo, Connection};
use actix_web::rt::net::{ActixStream, Ready as Readiness, TcpStream};
use awc::http::Uri;
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::head::{Body, Head, HeadError, Heads};

/// Bytes that are read together before the head is complete.
const PIECE: usize = 8 << 10;

/// A connection that holds back the head of the answer until it is complete, and shows it as awc reads it. The body passes
/// through unchanged; where it ends before its head said it would, that is an error, which awc does not notice.
#[derive(Debug)]
pub(super) struct AnswerStream {
    connection: TcpStream,
    reading: Reading,
}

#[derive(Debug)]
enum Reading {
    Head(Heads),
    /// What was held back and is not handed on yet, and where the body ends.
    Body(Bytes, Body),
}

impl AnswerStream {
    pub(super) fn new(connection: TcpStream) -> Self {
        Self { connection, reading: Reading::Head(Heads::default()) }
    }
}

impl AsyncRead for AnswerStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { connection, reading } = self.get_mut();
        loop {
            match reading {
                Reading::Head(heads) => {
                    let Head { bytes, rest, body } = ready!(poll_head(connection, heads, cx))?;
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
    // awc does not read on behind the end that the head promised.
    if buf.remaining() == left && matches!(body, Body::Length(_) | Body::Chunks) {
        return Poll::Ready(Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "it closed before the answer was complete",
        )));
    }
    Poll::Ready(Ok(()))
}

impl AsyncWrite for AnswerStream {
    /// Writes the request. If that fails, what the peer has sent until then says more.
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

/// awc's way to a peer: the connection that is open already, once.
#[derive(Clone, Debug)]
pub(super) struct Opened(Rc<RefCell<Option<AnswerStream>>>);

impl Opened {
    pub(super) fn new(stream: AnswerStream) -> Self {
        Self(Rc::new(RefCell::new(Some(stream))))
    }
}

impl Service<ConnectInfo<Uri>> for Opened {
    type Response = Connection<Uri, AnswerStream>;
    type Error = ConnectError;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    actix_service::always_ready!();

    fn call(&self, to: ConnectInfo<Uri>) -> Self::Future {
        let stream = self.0.take().ok_or(ConnectError::Unresolved);
        future::ready(stream.map(|stream| Connection::new(to.request().clone(), stream)))
    }
}
