//! Slow and endless peers: the node limits them and asks the others.

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use ledger_core::{Members, PreviousHash, Timestamp, Transaction, canonical};

use crate::harness::PATIENCE;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, genesis, next, texts};
use crate::harness::peer::{Peer, endless_head, head, until_left};
use crate::peers::that_lie::{assert_skipped, assert_skipped_by, impatient};

/// Repeats a piece until the other side hangs up.
fn endlessly(stream: &mut TcpStream, piece: &[u8]) {
    while stream.write_all(piece).is_ok() {}
}

/// Sends an answer byte by byte, with pauses.
fn trickle(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn silent_peer_is_skipped() {
    assert_skipped(&Peer::with_handler(until_left), "no answer");
}

#[test]
fn peer_that_stops_in_its_head_is_skipped() {
    let peer = Peer::with_handler(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-");
        until_left(stream);
    });
    assert_skipped(&peer, "no answer");
}

#[test]
fn peer_that_stops_in_its_chain_is_skipped() {
    let body = answer(&texts(&chain(6)));
    let peer = Peer::with_handler(move |stream| {
        let _ = stream.write_all(head(body.len()).as_bytes());
        let _ = stream.write_all(&body.as_bytes()[..body.len() / 2]);
        until_left(stream);
    });
    assert_skipped(&peer, "sent less than");
}

#[test]
fn peer_that_trickles_its_head_is_skipped() {
    let answer = format!("{}{}", head(1000), "x".repeat(1000));
    assert_skipped(&Peer::with_handler(move |stream| trickle(stream, answer.as_bytes())), "no answer");
}

#[test]
fn peer_that_trickles_its_chain_is_skipped() {
    let body = answer(&texts(&chain(6)));
    let peer = Peer::with_handler(move |stream| {
        let _ = stream.write_all(head(body.len()).as_bytes());
        trickle(stream, body.as_bytes());
    });
    assert_skipped(&peer, "sent less than");
}

#[test]
fn stalled_peers_are_queried_concurrently() {
    // Each one stalls until the node has queried all.
    let (all, body) = (Arc::new(Barrier::new(20)), answer(&texts(&chain(3))));
    let stall = || {
        let (all, body) = (Arc::clone(&all), body.clone());
        Peer::with_handler(move |stream| {
            all.wait();
            let _ = stream.write_all(format!("{}{body}", head(body.len())).as_bytes());
        })
    };
    let stalled: Vec<Peer> = (0..20).map(|_| stall()).collect();
    // After a second a peer counts as slow and no longer blocks another.
    let node = Launch::usual().flag("peer-timeout", "1").flag("peer-first-byte", "600").start();
    let addresses: Vec<String> = stalled.iter().map(Peer::address).collect();
    node.register(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(node.resolve());
    assert!(stalled.iter().all(|peer| peer.asked() == 1));
    let log = node.stop().stderr;
    assert!(!log.iter().any(|line| line.contains("skipping peer")), "{log:#?}");
}

#[test]
fn endless_block_is_cut_off() {
    let peer = Peer::with_handler(|stream| {
        let _ = stream.write_all(format!("{}{{\"chain\": [{{\"index\": \"", endless_head()).as_bytes());
        endlessly(stream, &[b'a'; 1 << 16]);
    });
    assert_skipped_by(&patient(), &peer, "more than 33554432 bytes");
}

#[test]
fn endless_other_member_is_cut_off() {
    let peer = Peer::with_handler(|stream| {
        let _ = stream.write_all(format!("{}{{\"more\": \"", endless_head()).as_bytes());
        endlessly(stream, &[b'a'; 1 << 16]);
    });
    assert_skipped_by(&patient(), &peer, "more than 65536 bytes");
}

#[test]
fn block_over_the_limit_is_skipped() {
    let long = format!(r#"{{"amount": 1, "recipient": "{}", "sender": "0"}}"#, "a".repeat(33 << 20));
    let block =
        canonical::text(&genesis()).replace("\"transactions\": []", &format!("\"transactions\": [{long}]"));
    assert_skipped_by(&patient(), &Peer::with_body(answer(&[block])), "more than 33554432 bytes");
}

#[test]
fn flood_of_blanks_is_cut_off() {
    let chain = answer(&texts(&chain(6)));
    for begin in ["", "{\"chain\": [", &chain[..chain.rfind(']').unwrap()]] {
        let begin = format!("{}{begin}", endless_head());
        let peer = Peer::with_handler(move |stream| {
            let _ = stream.write_all(begin.as_bytes());
            endlessly(stream, &[b' '; 1 << 12]);
        });
        assert_skipped_by(&patient(), &peer, "1048576 bytes without a block");
    }
}

#[test]
fn flood_of_other_members_is_cut_off() {
    let peer = Peer::with_handler(|stream| {
        let _ = stream.write_all(format!("{}{{\"a\": 1", endless_head()).as_bytes());
        endlessly(stream, b", \"a\": [1, 2, 3]");
    });
    assert_skipped_by(&patient(), &peer, "1048576 bytes without a block");
}

#[test]
fn endless_filler_counts_as_silence() {
    for (begin, piece) in [("", " ".repeat(4_000)), ("{\"a\": 1", ", \"a\": 1".repeat(500))] {
        let begin = format!("{}{begin}", endless_head());
        let peer = Peer::with_handler(move |stream| {
            let _ = stream.write_all(begin.as_bytes());
            // 40 kB/s, above the required rate.
            while stream.write_all(piece.as_bytes()).is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        assert_skipped(&peer, "sent less than 16384 bytes of blocks in 1s");
    }
}

#[test]
fn large_block_over_a_slow_link_is_awaited() {
    let payment = Transaction::reward("r".repeat(200_000), 1_u64);
    let longer = vec![genesis(), next(&genesis(), vec![payment])];
    let body = answer(&texts(&longer));
    let peer = Peer::with_handler(move |stream| {
        let _ = stream.write_all(head(body.len()).as_bytes());
        for piece in body.as_bytes().chunks(6_000) {
            let _ = stream.write_all(piece);
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    // Takes more than 3 s, and sends far more than the required 16 KiB in each 2 s.
    let node = Launch::usual().flag("peer-timeout", "2").start();
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), longer);
}

#[test]
fn late_answer_is_awaited() {
    let longer = chain(3);
    let body = answer(&texts(&longer));
    let peer = Peer::with_handler(move |stream| {
        std::thread::sleep(Duration::from_secs(4));
        let _ = stream.write_all(format!("{}{body}", head(body.len())).as_bytes());
    });
    let node = impatient().flag("peer-first-byte", "30").start();
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), longer);
}

#[test]
fn deadline_ends_an_endless_valid_chain() {
    let peer = Peer::with_handler(|stream| {
        let mut block = genesis();
        let mut text = format!("{}{{\"chain\": [{}", endless_head(), canonical::text(&block));
        while stream.write_all(text.as_bytes()).is_ok() {
            block = easy(&block);
            text = format!(", {}", canonical::text(&block));
        }
    });
    let launch = patient().flag("difficulty", "0").flag("peer-deadline", "1");
    assert_skipped_by(&launch, &peer, "");
}

/// A block that needs no work at difficulty 0.
fn easy(last: &Members) -> Members<'static> {
    Members {
        index: last.index + 1,
        previous_hash: PreviousHash::Hash(last.hash()),
        proof: 0,
        timestamp: Timestamp::from_micros(last.index),
        transactions: Vec::new(),
    }
}

/// A node with long peer timeouts.
fn patient() -> Launch {
    Launch::usual().flag("peer-timeout", &PATIENCE.as_secs().to_string())
}
