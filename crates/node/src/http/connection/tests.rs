//! What a connection reads, writes and logs, and how it is cut off.

use clap::Parser;
use futures_util::future::poll_immediate;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::cli::Cli;
use crate::telemetry::testing::Log;

/// The client's end and ours.
async fn connected() -> (TcpStream, Connection) {
    let guards = Arc::new(Guards::new(&Cli::parse_from(["node", "--request-log", "on"]).flags));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (ours, address) = listener.accept().await.unwrap();
    let usage = guards.connections.admit(address).unwrap();
    (client, Connection::new(ours, address.ip(), usage, guards))
}

#[actix_web::test]
async fn bytes_pass_and_are_counted() {
    let (mut client, mut ours) = connected().await;
    client.write_all(b"a request").await.unwrap();
    let mut buffer = [0; 99];
    assert_eq!(ours.read(&mut buffer).await.unwrap(), 9);
    assert_eq!(&buffer[..9], b"a request");
    assert!(ours.usage.is_new());
    ours.write_all(b"an answer").await.unwrap();
    ours.flush().await.unwrap();
    assert!(!ours.usage.is_new());
    assert_eq!(client.read(&mut buffer).await.unwrap(), 9);
    assert_eq!(&buffer[..9], b"an answer");
    ours.shutdown().await.unwrap();
    assert_eq!(client.read(&mut buffer).await.unwrap(), 0);
    let guards = Arc::clone(&ours.guards);
    assert_eq!(guards.connections(), 1);
    drop(ours);
    assert_eq!(guards.connections(), 0);
}

#[actix_web::test]
async fn requests_are_read_a_piece_at_a_time() {
    let (mut client, mut ours) = connected().await;
    let piece = ours.usage.room();
    client.write_all(&vec![7; 2 * piece]).await.unwrap();
    ours.stream.readable().await.unwrap();
    let mut buffer = vec![0; 4 * piece];
    assert_eq!(ours.read(&mut buffer).await.unwrap(), piece);
    assert!(poll_immediate(Box::pin(ours.read(&mut buffer))).await.is_none(), "a piece is parsed first");
    assert_eq!(ours.read(&mut buffer).await.unwrap(), piece);
    ours.usage.begin(false);
    let ahead = ours.usage.room();
    client.write_all(&vec![7; 2 * ahead]).await.unwrap();
    let mut read = 0;
    while read < ahead {
        read += ours.read(&mut buffer).await.unwrap();
    }
    assert_eq!(read, ahead);
    assert!(poll_immediate(Box::pin(ours.read(&mut buffer))).await.is_none(), "a request is being answered");
    ours.usage.end();
    assert_eq!(ours.read(&mut buffer).await.unwrap(), ahead);
}

#[actix_web::test]
async fn cut_connection_fails_and_is_reset() {
    let (mut client, mut ours) = connected().await;
    let usage = Arc::clone(&ours.usage);
    let reading = actix_web::rt::spawn(async move {
        let read = ours.read(&mut [0]).await;
        (read, ours)
    });
    actix_web::rt::task::yield_now().await;
    usage.cut();
    let (read, mut ours) = reading.await.unwrap();
    assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert!(ours.read(&mut [0]).await.is_err());
    assert!(
        ours.write(b"more").await.is_err() && ours.flush().await.is_err() && ours.shutdown().await.is_err()
    );
    drop(ours);
    let reset = client.read(&mut [0]).await.unwrap_err();
    assert_eq!(reset.kind(), io::ErrorKind::ConnectionReset);
}

#[actix_web::test]
async fn client_that_takes_nothing_is_stalled() {
    let (mut client, mut ours) = connected().await;
    let (usage, page) = (Arc::clone(&ours.usage), vec![7; 1 << 20]);
    let mut written = 0;
    while let Some(more) = poll_immediate(Box::pin(ours.write(&page))).await {
        written += more.unwrap();
    }
    assert_eq!(usage.room(), 0, "nothing is read from it");
    let writing = actix_web::rt::spawn(async move { ours.write(&page).await });
    let mut taken = vec![0; written];
    client.read_exact(&mut taken).await.unwrap();
    assert!(writing.await.unwrap().unwrap() > 0);
    assert!(usage.room() > 0);
}

#[actix_web::test]
async fn client_that_does_not_speak_http_is_logged() {
    let (log, _guard) = Log::begin();
    for (sent, hint) in [
        (&b"\x16\x03\x01"[..], "TLS; open http://, not https://"),
        (b"SSH", "something that is not HTTP/1.1"),
    ] {
        let (mut client, mut ours) = connected().await;
        client.write_all(sent).await.unwrap();
        ours.read_exact(&mut vec![0; sent.len()]).await.unwrap();
        ours.write_all(b"HTTP/1.1 400 Bad Request\r\n").await.unwrap();
        let logged = log.take();
        assert!(logged.ends_with(&format!("127.0.0.1 400: it sent {hint}\n")), "{logged}");
        ours.write_all(b"HTTP/1.1 400 Bad Request\r\n").await.unwrap();
        assert_eq!(log.take(), "", "it was told already");
    }
    let (_client, mut ours) = connected().await;
    ours.write_all(b"HTTP/1.1 200 OK\r\n").await.unwrap();
    assert_eq!(log.take(), "");
}
