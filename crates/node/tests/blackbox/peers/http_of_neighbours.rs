//! Neighbours behind all kinds of HTTP: old servers, compressing proxies, redirects and refusals.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::peer::{Peer, until_left};
use crate::peers::that_lie::assert_skipped;

fn body() -> Vec<u8> {
    answer(&texts(&chain(6))).into_bytes()
}

/// A peer whose answer has this head and ends with the connection.
fn with_head(head: &str, body: &[u8]) -> Peer {
    Peer::sending([head.as_bytes(), b"\r\n\r\n", body].concat())
}

/// A peer whose answer has this head and a `Content-Length`.
fn sized(head: &str, body: &[u8]) -> Peer {
    with_head(&format!("{head}\r\nContent-Length: {}", body.len()), body)
}

fn assert_taken(how: &str, peer: &Peer) {
    let node = Launch::usual().start();
    node.register(&[&peer.address()]);
    assert!(node.resolve(), "{how}: {:?}", node.log.find("skipping peer"));
    assert_eq!(node.chain(), chain(6), "{how}");
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(body).unwrap();
    packed.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(body).unwrap();
    packed.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(body).unwrap();
    packed.finish().unwrap()
}

fn chunks(body: &[u8]) -> Vec<u8> {
    let chunk =
        |chunk: &[u8]| [format!("{:X};name=\"value\"\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
    [body.chunks(100).flat_map(chunk).collect(), b"0\r\nX-Trailer: checked\r\n\r\n".to_vec()].concat()
}

#[test]
fn answer_without_length_ends_with_the_connection() {
    for head in [
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK\r\nConnection: close",
        "HTTP/1.1 200 OK\r\nConnection: keep-alive",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity",
        "HTTP/1.0 200 OK",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive",
    ] {
        assert_taken(head, &with_head(head, &body()));
    }
}

#[test]
fn unusual_heads_are_read() {
    for head in [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 200",
        "HTTP/1.1 200 Alles in Ordnung",
        "HTTP/1.1 200 OK\r\nX-Folded: one\r\n two",
        "HTTP/1.1 200 OK\r\nX-Spaced : one",
        "HTTP/1.1 200 OK\r\nX-Latin: Zo\u{eb}\r\nserver:",
        "\r\nHTTP/1.1  200  OK\r\nno header",
    ] {
        assert_taken(head, &sized(head, &body()));
    }
    let lower = format!("HTTP/1.1 200 OK\r\ncontent-LENGTH: {}\r\nCONNECTION: Close", body().len());
    assert_taken("letter case", &with_head(&lower, &body()));
    let bare = format!("HTTP/1.1 200 OK\nContent-Length: {}\n\n", body().len());
    assert_taken("bare line feeds", &Peer::sending([bare.as_bytes(), &body()].concat()));
}

#[test]
fn chunks_with_extensions_and_trailers_are_read() {
    for head in [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked",
    ] {
        assert_taken(head, &with_head(head, &chunks(&body())));
    }
}

#[test]
fn compressed_chain_is_read() {
    let (head, body) = ("HTTP/1.1 200 OK\r\nContent-Encoding: ", body());
    let two = [gzip(&body[..300]), gzip(&body[300..])].concat();
    let trailing = [zlib(&body), b"behind the end".to_vec()].concat();
    for (coding, packed) in [
        ("gzip", gzip(&body)),
        ("GZIP", gzip(&body)),
        ("x-gzip", gzip(&body)),
        ("gzip", two),
        ("identity, gzip", gzip(&body)),
        ("deflate", zlib(&body)),
        ("deflate", trailing),
        ("deflate", deflate(&body)),
        ("identity", body.clone()),
        ("", body.clone()),
    ] {
        let head = format!("{head}{coding}");
        assert_taken(coding, &sized(&head, &packed));
        assert_taken(coding, &with_head(&head, &packed));
        assert_taken(coding, &with_head(&format!("{head}\r\nTransfer-Encoding: chunked"), &chunks(&packed)));
    }
}

#[test]
fn accept_encoding_lists_the_codings() {
    let peer = Peer::with_request_handler(|stream, request| {
        let accepts = request.to_ascii_lowercase().contains("accept-encoding: gzip, deflate\r\n");
        let body = if accepts { gzip(&body()) } else { b"no".to_vec() };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(&[head.as_bytes(), &body].concat());
    });
    assert_taken("accept-encoding", &peer);
}

#[test]
fn unsupported_codings_are_named() {
    for coding in ["br", "zstd", "compress", "gzip, br", "gzip, gzip", "x\u{202e}"] {
        let peer = sized(&format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}"), &gzip(&body()));
        assert_skipped(&peer, &format!("Content-Encoding {}", coding.replace('\u{202e}', "\\u{202e}")));
    }
}

#[test]
fn damaged_compressed_body_is_skipped() {
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: ";
    let (packed, plain) = (gzip(&body()), body());
    let mut damaged = packed.clone();
    damaged[packed.len() / 2] ^= 0x55;
    let says = "not compressed as its Content-Encoding says";
    assert_skipped(&with_head(&format!("{head}gzip"), &packed[..packed.len() / 2]), says);
    assert_skipped(&with_head(&format!("{head}gzip"), &packed[..packed.len() - 1]), says);
    assert_skipped(&with_head(&format!("{head}gzip"), &damaged), "");
    assert_skipped(&with_head(&format!("{head}gzip"), &plain), says);
    assert_skipped(&with_head(&format!("{head}deflate"), &plain), "");
    let packed = zlib(&body());
    assert_skipped(&with_head(&format!("{head}deflate"), &packed[..packed.len() / 2]), says);
}

#[test]
fn body_must_have_the_announced_length() {
    let body = body();
    let short =
        |head: &str, body: &[u8]| with_head(&format!("{head}\r\nContent-Length: {}", body.len() + 1), body);
    assert_skipped(&short("HTTP/1.1 200 OK", &body), "the connection broke");
    assert_skipped(&short("HTTP/1.0 200 OK", &body), "the connection broke");
    let packed = gzip(&body);
    assert_skipped(&short("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", &packed), "the connection broke");
    let chunks = chunks(&body);
    // Cut off before the empty last chunk.
    let cut = &chunks[..chunks.len() - "0\r\nX-Trailer: checked\r\n\r\n".len()];
    let peer = with_head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", cut);
    assert_skipped(&peer, "the connection broke");
}

#[test]
fn compression_bomb_costs_little() {
    let launch = Launch::usual();
    let node = launch.start();
    // 1 GiB in 1 MiB each: white space, and a text in a block. Then an endless gzip header and empty deflate blocks.
    let mut bombs = Vec::new();
    for begin in ["", "{\"chain\": [{\"index\": 1, \"previous_hash\": \""] {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(begin.as_bytes()).unwrap();
        (0..1 << 10).for_each(|_| packed.write_all(&vec![b' '; 1 << 20]).unwrap());
        bombs.push(packed.finish().unwrap());
    }
    let header = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], &[b'x'; 1 << 20]].concat();
    bombs.push(header);
    let empty_blocks = [[0, 0, 0, 0xff, 0xff].repeat(1 << 18), vec![1, 0, 0, 0xff, 0xff]].concat();
    let peers: Vec<Peer> = bombs
        .iter()
        .map(|bomb| sized("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", bomb))
        .chain([sized("HTTP/1.1 200 OK\r\nContent-Encoding: deflate", &empty_blocks)])
        .collect();
    for peer in &peers {
        node.register(&[&peer.address()]);
    }
    node.reset_peak_memory();
    assert!(!node.resolve());
    let peak = node.peak_memory().unwrap_or_default();
    assert!(peak < 192 << 10, "{peak} KiB");
}

#[test]
fn redirects_are_named_not_followed() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let head = format!("HTTP/1.1 {status}\r\nLocation: https://ledger.example/chain\u{202e}");
        let says = format!("answered {status}, a redirect to https://ledger.example/chain\\u{{202e}}: ");
        assert_skipped(&sized(&head, b"<html>moved</html>"), &says);
    }
    assert_skipped(&sized("HTTP/1.1 302 Found", b""), "answered 302 Found");
}

#[test]
fn other_answers_say_what_listens_there() {
    for (status, says) in [
        ("404 Not Found", "a ledger node answers /chain with 200; is one there?"),
        ("502 Bad Gateway", "a proxy answers there, and the node behind it does not"),
        ("504 Gateway Timeout", "a proxy answers there"),
        ("503 Service Unavailable", "it is busy; resolve again later"),
        ("429 Too Many Requests", "it is busy"),
        ("401 Unauthorized", "refuses reads"),
        ("403 Forbidden", "refuses reads"),
        ("407 Proxy Authentication Required", "refuses reads"),
        ("500 Internal Server Error", "its log may say why"),
        ("204 No Content", "is one there?"),
        ("418 ", "is one there?"),
    ] {
        let page = b"<html><body>\x1b[2J</body></html>";
        assert_skipped(&sized(&format!("HTTP/1.1 {status}"), page), &format!("answered {}", status.trim()));
        assert_skipped(&sized(&format!("HTTP/1.1 {status}"), page), says);
    }
}

#[test]
fn answer_without_a_chain_is_named() {
    for (served, says) in [
        (
            &b"<!DOCTYPE html><html>router login</html>"[..],
            "a web page or XML; is the address that of a ledger node",
        ),
        (b"\n\n<?xml version=\"1.0\"?>", "a web page or XML"),
        (b"", "it is empty"),
        (b"[1, 2]", "not a chain in JSON, but a list"),
        (b"{\"error\": \"no such route\"}", "the text must have one member \"chain\""),
        (b"\x1f\x8b\x08\x00", "not a chain in JSON, but gzip data"),
        (b"hello", "expected a JSON object"),
    ] {
        assert_skipped(&Peer::with_body(served), says);
    }
}

#[test]
fn other_protocols_are_named() {
    for greeting in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"220 mail.example ESMTP\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"-ERR unknown command\r\n",
    ] {
        assert_skipped(&Peer::sending(greeting), "the peer does not speak HTTP, as nodes do (not HTTPS)");
    }
    let waiting = Peer::with_handler(|stream| {
        let _ = stream.write_all(b"SSH-2.0-\x1b[2J");
        until_left(stream);
    });
    assert_skipped(&waiting, "it begins with \"SSH-2.0-\\u{1b}[2J\"");
    assert_skipped(&Peer::sending(""), "it closed the connection without a response");
    assert_skipped(
        &Peer::sending("HTTP/1.1 200 OK\r\nContent-"),
        "it closed the connection without a response",
    );
}

#[test]
#[ignore = "needs IPv6"]
fn neighbour_at_an_ipv6_address_is_queried() {
    let listener = std::net::TcpListener::bind("[::1]:0").unwrap();
    let peer = Peer::listening(listener, |stream, request| {
        let expected = format!("host: [::1]:{}\r\n", stream.local_addr().unwrap().port());
        let body = if request.to_ascii_lowercase().contains(&expected) { body() } else { b"no".to_vec() };
        let _ = stream.write_all(&[b"HTTP/1.1 200 OK\r\n\r\n", body.as_slice()].concat());
    });
    assert_taken("IPv6", &peer);
}
