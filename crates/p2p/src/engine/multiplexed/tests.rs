use std::{
    future::{pending, poll_fn},
    time::Duration,
};

use futures_util::{AsyncReadExt, AsyncWriteExt};
use libp2p::tcp::tokio::TcpStream;
use tokio::{
    net,
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};

use super::*;
use crate::{
    engine::{delayed::Delayed, unread::MAX_UNREAD},
    settings::Link,
};

type Side = Muxer<Delayed<TcpStream>>;

/// What all windows may grow by in these tests.
const LITTLE: usize = 128 << 10;

/// Two ends of a connection on which bytes take some milliseconds. The first end has the configuration `other`.
async fn connection(other: Config) -> (Side, Side) {
    let listener = net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dialled = net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    let link = Link { latency: Duration::from_millis(10), lost_per_mille: 0 };
    let slow = |stream| Delayed::new(TcpStream(stream), link);
    (Muxer::new(slow(dialled), other, Mode::Client), Muxer::new(slow(accepted), config(LITTLE), Mode::Server))
}

/// Reads and writes frames until the connection ends.
async fn carry(mut side: Side) -> io::Error {
    match poll_fn(|context| Pin::new(&mut side).poll(context)).await {
        Err(error) => error,
        Ok(event) => panic!("{event:?}"),
    }
}

#[tokio::test]
async fn peer_sends_at_most_one_window_ahead_of_what_was_read() {
    const ALL: usize = 4 << 20;
    let (mut sender, mut receiver) = connection(Config::default()).await;
    let mut out = poll_fn(|context| Pin::new(&mut sender).poll_outbound(context)).await.unwrap();
    tokio::spawn(carry(sender));
    let (reader, read) = watch::channel(0);
    let sending = tokio::spawn(async move {
        let (chunk, mut sent, mut ahead) = (vec![0; 16 << 10], 0, 0);
        while sent < ALL {
            sent += out.write(&chunk).await.unwrap();
            ahead = ahead.max(sent - *read.borrow());
        }
        ahead
    });
    let mut stream = poll_fn(|context| Pin::new(&mut receiver).poll_inbound(context)).await.unwrap();
    tokio::spawn(carry(receiver));
    let (mut chunk, mut total) = (vec![0; 64 << 10], 0);
    while total < ALL {
        total += stream.read(&mut chunk).await.unwrap();
        reader.send_replace(total);
    }
    let ahead = sending.await.unwrap();
    assert!((DEFAULT_CREDIT as usize..=DEFAULT_CREDIT as usize + LITTLE).contains(&ahead), "{ahead}");
}

#[tokio::test]
async fn peer_that_opens_too_many_streams_is_cut_off() {
    let (mut greedy, receiver) = connection(Config::default()).await;
    let cut_off = tokio::spawn(carry(receiver));
    let mut opened = Vec::new();
    for _ in 0..=MAX_STREAMS {
        let mut stream = poll_fn(|context| Pin::new(&mut greedy).poll_outbound(context)).await.unwrap();
        stream.write_all(b"a").await.unwrap();
        opened.push(stream);
    }
    tokio::spawn(carry(greedy));
    let ended = timeout(Duration::from_secs(10), cut_off).await.expect("the connection goes on");
    assert!(ended.unwrap().to_string().contains("closed"));
}

#[tokio::test]
async fn unread_streams_hold_a_connection_back_until_they_are_read() {
    const STREAMS: usize = 6;
    let (mut sender, mut receiver) = connection(Config::default()).await;
    for _ in 0..STREAMS {
        let mut out = poll_fn(|context| Pin::new(&mut sender).poll_outbound(context)).await.unwrap();
        tokio::spawn(async move {
            out.write_all(&vec![7; DEFAULT_CREDIT as usize]).await.unwrap();
            out.close().await.unwrap();
            // Dropping the stream would end it, too.
            pending::<()>().await;
        });
    }
    tokio::spawn(carry(sender));
    poll_fn(|context| {
        assert!(Pin::new(&mut receiver).poll(context).is_pending());
        if receiver.unread.is_full() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    assert!((MAX_UNREAD..=MAX_UNREAD + DEFAULT_CREDIT as usize).contains(&receiver.unread.bytes()));
    let (unread, (streams, mut opened)) = (receiver.unread.clone(), mpsc::channel(STREAMS));
    tokio::spawn(accept(receiver, streams));
    let mut reading = JoinSet::new();
    for _ in 0..STREAMS {
        let mut stream = opened.recv().await.unwrap();
        reading.spawn(async move { stream.read_to_end(&mut Vec::new()).await.unwrap() });
    }
    assert_eq!(reading.join_all().await, [DEFAULT_CREDIT as usize; STREAMS]);
    assert_eq!(unread.bytes(), 0);
}

/// Passes on the streams that the other side opens.
async fn accept(mut side: Side, streams: mpsc::Sender<Stream>) {
    while let Ok(stream) = poll_fn(|context| Pin::new(&mut side).poll_inbound(context)).await {
        streams.send(stream).await.unwrap();
    }
}

#[test]
fn error_of_the_socket_keeps_its_kind() {
    let kind = io::ErrorKind::ConnectionReset;
    assert_eq!(io_error(ConnectionError::Io(kind.into())).kind(), kind);
    assert_eq!(io_error(ConnectionError::Closed).kind(), io::ErrorKind::Other);
}

#[tokio::test]
async fn dropped_stream_frees_its_unread_bytes() {
    let (mut sender, mut receiver) = connection(Config::default()).await;
    let mut out = poll_fn(|context| Pin::new(&mut sender).poll_outbound(context)).await.unwrap();
    tokio::spawn(carry(sender));
    out.write_all(&[7; 1_000]).await.unwrap();
    let stream = poll_fn(|context| Pin::new(&mut receiver).poll_inbound(context)).await.unwrap();
    poll_fn(|context| {
        assert!(Pin::new(&mut receiver).poll(context).is_pending());
        if receiver.unread.bytes() == 1_000 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    drop(stream);
    assert_eq!(receiver.unread.bytes(), 0);
}

#[tokio::test]
async fn closed_connection_ends_on_the_other_side() {
    let (mut one, other) = connection(Config::default()).await;
    let ended = tokio::spawn(carry(other));
    poll_fn(|context| Pin::new(&mut one).poll_close(context)).await.unwrap();
    let ended = timeout(Duration::from_secs(10), ended).await.expect("the connection goes on");
    assert!(ended.unwrap().to_string().contains("closed"));
}
