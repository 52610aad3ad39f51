//! What each layer of a connection passes on unchanged.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{counted::Counted, delayed::Delayed, frames::Frames, guarded::Guarded, unread::Unread};
use crate::settings::Link;

/// What a socket was asked to do, in order.
type Asked = Arc<Mutex<Vec<String>>>;

/// A socket that has three bytes to read.
struct Socket(Asked);

impl Socket {
    fn note(&self, asked: String) {
        self.0.lock().unwrap().push(asked);
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, to: &mut [u8]) -> Poll<io::Result<usize>> {
        to[..3].copy_from_slice(b"abc");
        Poll::Ready(Ok(3))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.note(format!("write {}", String::from_utf8_lossy(from)));
        Poll::Ready(Ok(from.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.note("flush".into());
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.note("close".into());
        Poll::Ready(Ok(()))
    }
}

/// Reads, writes, flushes and closes through a layer.
async fn passes<L: AsyncRead + AsyncWrite + Unpin>(layer: impl FnOnce(Socket) -> L) {
    let asked = Asked::default();
    let (mut layer, mut read) = (layer(Socket(asked.clone())), [0; 9]);
    assert_eq!(layer.read(&mut read).await.unwrap(), 3);
    assert_eq!(&read[..3], b"abc");
    layer.write_all(b"defg").await.unwrap();
    layer.flush().await.unwrap();
    layer.close().await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["write defg", "flush", "close"]);
}

#[tokio::test]
async fn counted_connection_passes_everything_on() {
    passes(|socket| Counted::new(socket, Arc::default())).await;
}

#[tokio::test]
async fn guarded_connection_passes_everything_on() {
    passes(|socket| Guarded::new(socket, Duration::from_secs(20))).await;
}

#[tokio::test]
async fn frames_are_passed_on() {
    passes(|socket| Frames::new(socket, Unread::default())).await;
}

#[tokio::test]
async fn delayed_connection_writes_at_once() {
    let asked = Asked::default();
    let mut layer = Delayed::new(Socket(asked.clone()), Link::default());
    layer.write_all(b"defg").await.unwrap();
    layer.flush().await.unwrap();
    layer.close().await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["write defg", "flush", "close"]);
}
