//! What happens before a handler: methods, access, rates and the headers for pages of other sites.

use actix_web::test::TestRequest;
use tempfile::{TempDir, tempdir};

use super::*;
use crate::access::{OwnerRule, Policy};
use crate::api::testing::{Answer, ask, get, post};
use crate::node::testing;

/// A node with these flags whose owner is on this machine. A page may read its answers.
fn node(directory: &TempDir, flags: &[&str]) -> Data<Node> {
    let mut node = testing::node(directory.path(), flags);
    let (token, page) = ("0123456789abcdef".parse().unwrap(), "http://page.example".parse().unwrap());
    node.policy = Policy::new(OwnerRule::Loopback, token, "the token".into(), Vec::new(), vec![page]);
    Data::new(node)
}

fn method(method: Method, path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method)
}

fn from(request: TestRequest, client: &str) -> TestRequest {
    request.peer_addr(format!("{client}:1000").parse().unwrap())
}

fn shown(answer: &Answer) -> (u16, &str) {
    (answer.status, &answer.text)
}

#[actix_web::test]
async fn wrong_method_is_answered_with_the_right_ones() {
    let directory = tempdir().unwrap();
    let node = node(&directory, &[]);
    for (path, allow) in [
        ("/chain", "GET, HEAD"),
        ("/transactions/new", "POST"),
        ("/mine", "GET, HEAD, POST"),
        ("/nodes/a:1", "DELETE"),
    ] {
        let refused = ask(&node, method(Method::PATCH, path)).await;
        assert_eq!(shown(&refused), (405, &*format!("{path} takes {allow}, not PATCH")));
        assert_eq!(refused.header("allow"), Some(allow));
        let options = ask(&node, method(Method::OPTIONS, path)).await;
        assert_eq!((shown(&options), options.header("allow")), ((200, ""), Some(allow)));
    }
    assert_eq!(ask(&node, method(Method::HEAD, "/chain")).await.status, 200);
}

#[actix_web::test]
async fn unknown_path_is_answered_with_all_paths() {
    let directory = tempdir().unwrap();
    let node = node(&directory, &[]);
    for path in ["/nothing", "/", "/chain/"] {
        let nothing = ask(&node, get(path)).await;
        assert_eq!(nothing.status, 404, "{path}");
        assert!(nothing.text.starts_with("there is nothing here; try /, /page/{file}, "), "{}", nothing.text);
    }
    let page = ask(&node, get("/").insert_header(("Accept", "text/html,*/*"))).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
}

#[actix_web::test]
async fn access_is_checked_before_a_handler_runs() {
    let directory = tempdir().unwrap();
    let node = node(&directory, &[]);
    let stranger = ask(&node, from(get("/mine"), "192.0.2.7")).await;
    assert_eq!(stranger.status, 403);
    assert!(stranger.text.starts_with("only the owner of the node may do this"), "{}", stranger.text);
    let foreign = ("Origin", "http://evil.example");
    let page = ask(&node, post("/transactions/new", "").insert_header(foreign)).await;
    assert_eq!(page.status, 403);
    assert_eq!(ask(&node, get("/chain").insert_header(foreign)).await.status, 200, "everybody may read");
    assert_eq!(ask(&node, method(Method::PATCH, "/mine").insert_header(foreign)).await.status, 405);
}

/// The statuses of ten requests of a client, and of a costly one after them.
async fn statuses(node: &Data<Node>, request: impl Fn() -> TestRequest, client: &str) -> (Vec<u16>, u16) {
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(ask(node, from(request(), client)).await.status);
    }
    (statuses, ask(node, from(get("/chain"), client)).await.status)
}

// A budget has 20 units, and one more each second. A costly request takes 20.
#[actix_web::test]
async fn client_that_sends_too_many_requests_waits() {
    let directory = tempdir().unwrap();
    let node = node(&directory, &["--request-rate", "1"]);
    assert_eq!(statuses(&node, || get("/nodes"), "192.0.2.7").await, (vec![200; 10], 429));
    assert_eq!(statuses(&node, || get("/nothing"), "192.0.2.8").await, (vec![404; 10], 429));
    let patch = || method(Method::PATCH, "/chain");
    assert_eq!(statuses(&node, patch, "192.0.2.9").await, (vec![405; 10], 429));
    assert_eq!(statuses(&node, || get("/nodes"), "127.0.0.1").await, (vec![200; 10], 200));
    assert_eq!(ask(&node, from(get("/chain"), "192.0.2.10")).await.status, 200);
    let refused = ask(&node, from(get("/chain"), "192.0.2.10")).await;
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    let bearer = ("Authorization", "Bearer 0123456789abcdef");
    let owner = from(get("/chain"), "192.0.2.10").insert_header(bearer);
    assert_eq!(ask(&node, owner).await.status, 200);
}

#[actix_web::test]
async fn answers_are_counted_by_route_and_status() {
    let directory = tempdir().unwrap();
    let node = node(&directory, &[]);
    for path in ["/nodes", "/nodes", "/blocks/9", "/nothing"] {
        ask(&node, get(path)).await;
    }
    let text = ask(&node, get("/metrics")).await.text;
    for (route, status, count) in [("/nodes", 200, 2), ("/blocks/{which}", 404, 1), ("unknown", 404, 1)] {
        let line = format!("requests_total{{route=\"{route}\",status=\"{status}\"}} {count}\n");
        assert!(text.contains(&line), "{line}: {text}");
    }
}

#[actix_web::test]
async fn allowed_page_may_read_answers() {
    let directory = tempdir().unwrap();
    let node = node(&directory, &[]);
    let page = ("Origin", "http://page.example");
    let read = ask(&node, get("/nodes").insert_header(page)).await;
    let named = |answer: &Answer, name: &str| answer.header(name).map(str::to_owned);
    assert_eq!(read.header("access-control-allow-origin"), Some("http://page.example"));
    assert_eq!(read.header("access-control-expose-headers"), Some("ETag"));
    assert_eq!((read.header("vary"), read.header("access-control-max-age")), (Some("Origin"), None));
    let preflight = ask(&node, method(Method::OPTIONS, "/mine").insert_header(page)).await;
    for (name, value) in [
        ("access-control-allow-methods", "GET, HEAD, POST"),
        ("access-control-allow-headers", "Authorization, Content-Type, If-None-Match"),
        ("access-control-max-age", "600"),
        ("access-control-allow-origin", "http://page.example"),
    ] {
        assert_eq!(named(&preflight, name).as_deref(), Some(value), "{name}");
    }
    let other = ask(&node, get("/nodes").insert_header(("Origin", "http://evil.example"))).await;
    assert_eq!((other.header("vary"), other.header("access-control-allow-origin")), (Some("Origin"), None));
}

#[actix_web::test]
async fn node_without_allowed_pages_answers_all_alike() {
    let directory = tempdir().unwrap();
    let node = Data::new(testing::node(directory.path(), &[]));
    let answer = ask(&node, get("/nodes").insert_header(("Origin", "http://page.example"))).await;
    assert_eq!((answer.header("vary"), answer.header("access-control-allow-origin")), (None, None));
}
