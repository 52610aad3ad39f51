//! Peers that send no chain: the node skips them and asks the others.

use std::net::TcpListener;

use crate::harness::http;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::peer::{Peer, endless_head, head};
use crate::peers::that_lie::assert_skipped;

fn assert_body_skipped(text: &str) {
    assert_skipped(&Peer::with_body(text), "");
}

/// A chain that the node would adopt in a proper answer.
fn tempting() -> String {
    answer(&texts(&chain(6)))
}

#[test]
fn garbage_is_skipped() {
    assert_body_skipped("garbage");
    assert_skipped(&Peer::with_body([0_u8, 255, 254, 13, 10, 0]), "");
}

#[test]
fn web_page_is_skipped() {
    assert_body_skipped("<!DOCTYPE html><html><body><h1>It works!</h1></body></html>");
}

#[test]
fn empty_answer_is_skipped() {
    assert_body_skipped("");
}

#[test]
fn json_without_a_chain_is_skipped() {
    for json in ["{}", "[]", "null", "5", r#"{"chain": 5}"#, r#"{"chain": {}}"#, r#"{"chain": [1, 2]}"#] {
        assert_body_skipped(json);
    }
}

#[test]
fn answer_with_two_chains_is_skipped() {
    let blocks = texts(&chain(6)).join(", ");
    assert_body_skipped(&format!("{{\"chain\": [{blocks}], \"chain\": [{blocks}]}}"));
}

#[test]
fn deeply_nested_brackets_are_skipped() {
    let deep = "[".repeat(1_000_000);
    assert_body_skipped(&deep);
    assert_body_skipped(&format!("{{\"other\": {deep}"));
    assert_body_skipped(&format!("{{\"chain\": [{{\"transactions\": {deep}{}", "]".repeat(1_000_000)));
}

#[test]
fn text_after_the_chain_is_skipped() {
    assert_body_skipped(&format!("{}{{}}", tempting()));
}

#[test]
fn chain_with_an_error_status_is_skipped() {
    for status in ["500 Internal Server Error", "404 Not Found", "201 Created", "206 Partial Content"] {
        let body = tempting();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        assert_skipped(&Peer::sending(answer), &status[..3]);
    }
}

#[test]
fn redirect_is_not_followed() {
    let target = Peer::with_chain(&chain(6));
    let location = format!("http://{}/chain", target.address());
    let redirect = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
    assert_skipped(&Peer::sending(redirect), "302");
    assert_eq!(target.asked(), 0);
}

#[test]
fn unreachable_peer_is_skipped() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let longer = chain(4);
    let good = Peer::with_chain(&longer);
    let node = Launch::usual().start();
    node.register(&[&nobody, "no-such-host.invalid:7001", &good.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), longer);
}

#[test]
fn peer_that_hangs_up_at_once_is_skipped() {
    assert_skipped(&Peer::sending(""), "no answer");
}

#[test]
fn answer_that_is_not_http_is_skipped() {
    assert_skipped(&Peer::sending("SSH-2.0-OpenSSH_9.6\r\n"), "no answer");
    assert_skipped(&Peer::sending(format!("HTTP/1.1 200 OK\r\n{}", "x: y\r\n".repeat(100_000))), "");
}

#[test]
fn truncated_chain_is_skipped() {
    let body = tempting();
    let cut = [head(body.len()).as_bytes(), &body.as_bytes()[..body.len() / 2]].concat();
    assert_skipped(&Peer::sending(cut), "");
}

#[test]
fn chain_without_its_last_bracket_is_skipped() {
    let body = tempting();
    let head = endless_head();
    assert_skipped(&Peer::sending(format!("{head}{}", &body[..body.len() - 1])), "ended after");
}

#[test]
fn chain_that_stops_within_a_chunk_is_skipped() {
    let body = tempting();
    let half = &body[..body.len() / 2];
    assert_skipped(&Peer::sending(format!("{}{:x}\r\n{half}", chunked_head(), body.len())), "");
}

#[test]
fn invalid_chunks_are_skipped() {
    assert_skipped(&Peer::sending(format!("{}zz\r\n{}", chunked_head(), tempting())), "");
}

fn chunked_head() -> &'static str {
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
}

#[test]
fn node_with_several_names_is_queried_once() {
    let peer = Peer::with_body("garbage");
    let node = Launch::usual().start();
    let address = peer.address();
    node.register(&[&address, &format!("http://{address}"), &format!("http://{address}/")]);
    assert_eq!(http::get(&node.url("/nodes/resolve")).status, 200);
    assert_eq!(peer.asked(), 1);
}
