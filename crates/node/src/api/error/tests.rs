//! Lets each kind of our own work panic, and looks for the cause in the log.

use std::io::{self, Write};
use std::net::TcpListener;

use actix_web::body::to_bytes;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::HOST;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{Bytes, Data};
use actix_web::{App, Error};
use tempfile::TempDir;

use super::*;
use crate::api::routes;
use crate::ledger::Ledger;
use crate::ledger::testing::{rewards, stage};
use crate::node::{Node, testing};
use crate::system::threads::blocking;
use crate::system::threads::testing::{MESSAGE, let_panic};
use crate::telemetry::testing::Log;

/// A node of difficulty 0: every proof is valid.
fn node(directory: &TempDir) -> Data<Node> {
    Data::new(testing::node(directory.path(), &["--difficulty", "0"]))
}

/// Appends a block that pays to this recipient.
async fn append(ledger: &Ledger, recipient: String) {
    let ledger = ledger.clone();
    blocking("appending", move || append_now(&ledger, recipient)).await.unwrap();
}

fn append_now(ledger: &Ledger, recipient: String) {
    stage(ledger, ledger.tip(), rewards(&recipient, 1)).adopt().unwrap().unwrap();
}

type Answer = ServiceResponse;

async fn app(node: Data<Node>) -> impl Service<actix_http::Request, Response = Answer, Error = Error> {
    let app = App::new().app_data(node.clone()).configure(|config| routes(config, &node.metrics.requests));
    init_service(app).await
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
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
        assert_eq!(says, "the node failed to do this; its log says why");
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
            // The client hangs up once it has read the answer, or does not want it.
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
        assert_eq!(error.says(), "the node failed to do this; its log says why");
    }
    let logged = log.take();
    assert!(logged.contains("ledger.db is damaged: block 5 is missing\n"), "{logged}");
    let whole = "ledger.db is damaged: the index of payments: no list of numbers\n";
    assert!(logged.contains(whole) && logged.matches("no list").count() == 1, "{logged}");
}
