//! The interface without sockets, for tests.

use actix_web::body::to_bytes;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{HOST, HeaderMap, HeaderValue};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use actix_web::{App, Error};
use serde_json::Value;
use tempfile::TempDir;

use super::routes;
use crate::node::{Node, testing};

/// A node of difficulty 0: every proof is valid.
pub(super) fn node(directory: &TempDir) -> Data<Node> {
    Data::new(testing::node(directory.path(), &["--difficulty", "0"]))
}

pub(super) async fn app(
    node: Data<Node>,
) -> impl Service<actix_http::Request, Response = ServiceResponse, Error = Error> {
    let app = App::new().app_data(node.clone()).configure(|config| routes(config, &node.metrics.requests));
    init_service(app).await
}

pub(super) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

pub(super) fn post(path: &str, body: impl ToString) -> TestRequest {
    TestRequest::post().uri(path).set_payload(body.to_string())
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// Sends a request to the node, at `localhost:5000` unless it names another host.
pub(super) async fn ask(node: &Data<Node>, request: TestRequest) -> Answer {
    let mut request = request.to_request();
    if !request.head().headers().contains_key(HOST) {
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost:5000"));
    }
    let answer = app(node.clone()).await.call(request).await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = to_bytes(answer.into_body()).await.unwrap();
    Answer { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
}

/// The JSON of an answer with status 200.
pub(super) async fn json(node: &Data<Node>, path: &str) -> Value {
    let answer = ask(node, get(path)).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}");
    answer.json()
}
