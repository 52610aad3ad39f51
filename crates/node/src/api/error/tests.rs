//! Panics in the node's own work are in the log, and each error has its status.

use std::io::{self, Write};
use std::net::TcpListener;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::header::HOST;
use actix_web::test::TestRequest;
use actix_web::web::Bytes;

use super::*;
use crate::api::testing::{app, get, node};
use crate::ledger::Ledger;
use crate::ledger::testing::{rewards, stage};
use crate::system::threads::blocking;
use crate::system::threads::testing::{MESSAGE, let_panic};
use crate::telemetry::testing::Log;

/// Appends a block that pays to this recipient.
async fn append(ledger: &Ledger, recipient: String) {
    let ledger = ledger.clone();
    blocking("appending", move || append_now(&ledger, recipient)).await.unwrap();
}

fn append_now(ledger: &Ledger, recipient: String) {
    stage(ledger, ledger.tip(), rewards(&recipient, 1)).adopt().unwrap().unwrap();
}

fn panic_of(work: &str) -> String {
    format!("{work} failed: {MESSAGE}")
}

#[actix_web::test]
async fn panic_while_a_request_is_answered_is_in_the_log() {
    let (directory, (log, _guard)) = (tempfile::tempdir().unwrap(), Log::begin());
    let app = app(node(&directory)).await;
    let register = TestRequest::post().uri("/nodes/register").set_payload(r#"{"nodes": ["localhost:5001"]}"#);
    for (work, request) in [
        ("reading an address", get("/addresses/bob")),
        ("reading a block", get("/blocks/1")),
        ("reading the chain", get("/chain")),
        ("writing the waiting payments", get("/transactions")),
        ("showing the secret", get("/secret")),
        ("the search for a proof", get("/mine")),
        ("checking addresses of neighbours", register),
    ] {
        let_panic(work);
        let request = request.insert_header((HOST, "localhost:5000"));
        let answer = app.call(request.to_request()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{work}");
        let says = to_bytes(answer.into_body()).await.unwrap();
        assert_eq!(says, "internal error; the node's log says why");
        let logged = log.take();
        assert_eq!(logged.matches(&panic_of(work)).count(), 1, "{logged}");
    }
}

#[actix_web::test]
async fn panic_while_an_answer_is_sent_is_in_the_log() {
    let (directory, (log, _guard)) = (tempfile::tempdir().unwrap(), Log::begin());
    let node = node(&directory);
    append(&node.ledger, "x".repeat(1 << 20)).await;
    let app = app(node).await;
    let work = "reading pages of the chain";
    let_panic(work);
    let answer = app.call(get("/chain").to_request()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(to_bytes(answer.into_body()).await.is_err());
    let logged = log.take();
    assert!(logged.contains(&format!("answer broken off: {}", panic_of(work))), "{logged}");
}

/// A peer that sends this answer to every request.
fn peer(body: Bytes) -> String {
    let listener = TcpListener::bind("localhost:0").unwrap();
    let address = format!("localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let _ = write!(client, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = client.write_all(&body);
            // Wait until the client hangs up.
            let _ = io::copy(&mut client, &mut io::sink());
        }
    });
    address
}

#[actix_web::test]
async fn panic_while_a_peer_is_asked_is_in_the_log() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let their_node = node(&theirs);
    append(&their_node.ledger, "alice".into()).await;
    let answer = app(their_node).await.call(get("/chain").to_request()).await.unwrap();
    let peer = peer(to_bytes(answer.into_body()).await.unwrap());

    let (node, (log, _guard)) = (node(&ours), Log::begin());
    node.ledger.add_peers(vec![peer.parse().unwrap()]).await.unwrap();
    for work in ["looking up a name", "checking a chain"] {
        let_panic(work);
        let resolved = node.resolver.resolve().await.unwrap();
        assert!(!resolved.replaced, "{work}");
        assert_eq!(resolved.neighbours[0].reason, "this node failed; its log says why");
        let logged = log.take();
        assert!(logged.contains(&format!("skipping peer {peer}: {}", panic_of(work))), "{logged}");
    }
    let_panic("adopting a chain");
    let failed = node.resolver.resolve().await.unwrap_err();
    assert_eq!(failed.to_string(), panic_of("adopting a chain"));
    assert!(node.resolver.resolve().await.unwrap().replaced);
}

#[test]
fn cause_of_damage_is_in_the_log_once() {
    let (log, _guard) = Log::begin();
    let cause = io::Error::other("no list of numbers");
    let damaged = StoreError::damaged_by("the index of payments", cause);
    for error in [ApiError::from(StoreError::damaged("block 5 is missing")), damaged.into()] {
        assert_eq!(error.says(), "internal error; the node's log says why");
    }
    let logged = log.take();
    assert!(logged.contains("ledger.db is damaged: block 5 is missing\n"), "{logged}");
    let whole = "ledger.db is damaged: the index of payments: no list of numbers\n";
    assert!(logged.contains(whole) && logged.matches("no list").count() == 1, "{logged}");
}

fn answered(error: ApiError) -> (u16, Option<String>, bool) {
    let is_ours = error.is_ours();
    let answer = error.error_response();
    let retry = answer.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), retry, is_ours)
}

#[test]
fn errors_have_their_status_and_say_when_to_retry() {
    let (_log, _guard) = Log::begin();
    let full = || io::Error::from(io::ErrorKind::StorageFull);
    let too_many = TooMany { rate: 1, wait: std::time::Duration::from_millis(1_500) };
    let mined = |error: StoreError| ApiError::Mine(MineError::Refused(error.into()));
    for (error, expected) in [
        (ApiError::Bad(String::new()), (400, None, false)),
        (ApiError::MissingValues, (400, None, false)),
        (ApiError::NoNodes, (400, None, false)),
        (ApiError::Broken, (400, None, false)),
        (ApiError::Signature, (401, None, false)),
        (Refusal::NoHost.into(), (403, None, false)),
        (ApiError::NotFound(String::new()), (404, None, false)),
        (ApiError::TooLong(5), (413, None, false)),
        (too_many.into(), (429, Some("2"), false)),
        (Busy.into(), (503, Some("1"), false)),
        (Panicked::new("work", "why").into(), (500, None, true)),
        (ChangeError::TooManyPeers(1001).into(), (409, None, false)),
        (ChangeError::Stopped.into(), (503, None, false)),
        (StoreError::Busy.into(), (503, Some("1"), false)),
        (StoreError::Locked.into(), (503, Some("1"), false)),
        (StoreError::Closed.into(), (503, None, false)),
        (StoreError::Full.into(), (507, None, false)),
        (StoreError::NoRoom.into(), (507, None, false)),
        (StoreError::Disk(full()).into(), (507, None, false)),
        (StoreError::Disk(io::Error::other("why")).into(), (500, None, true)),
        (ChangeError::Failed(Panicked::new("work", "why")).into(), (500, None, true)),
        (mined(StoreError::Busy), (503, Some("1"), false)),
        (mined(StoreError::Disk(io::Error::other("why"))), (500, None, true)),
        (MineError::NoProof.into(), (503, None, false)),
        (MineError::Failed(Panicked::new("work", "why")).into(), (500, None, true)),
        (PagesError::Replaced.into(), (503, Some("1"), false)),
        (PagesError::Store(StoreError::Closed).into(), (503, None, false)),
        (PagesError::Failed(Panicked::new("work", "why")).into(), (500, None, true)),
    ] {
        let shown = format!("{error:?}");
        let (status, retry, is_ours) = answered(error);
        assert_eq!((status, retry.as_deref(), is_ours), expected, "{shown}");
    }
}
