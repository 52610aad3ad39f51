//! The test harness: node processes, requests, payments, chains, and misbehaving peers.
//!
//! To wait for a node, await its log line, answer or exit, each for at most [`PATIENCE`]. Do not sleep for a fixed time.

#[cfg(target_os = "linux")]
pub(crate) mod clock;
pub(crate) mod durable;
pub(crate) mod http;
pub(crate) mod launch;
pub(crate) mod lines;
pub(crate) mod made;
pub(crate) mod node;
pub(crate) mod peer;
pub(crate) mod raw;
pub(crate) mod routes;
pub(crate) mod small_disk;

use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Timeout of every wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Polls for something that emits no event.
pub(crate) fn eventually(what: &str, happened: impl FnMut() -> bool) {
    eventually_or(|| what.to_owned(), happened);
}

/// Like [`eventually`], but the message of a timeout shows `state`.
pub(crate) fn eventually_or(state: impl Fn() -> String, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "timed out: {}", state());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Checks that the time that `run` returns is below `limit`. Retries, since a busy machine may be slow once.
pub(crate) fn assert_takes_less_than(limit: Duration, run: impl Fn() -> Duration) {
    assert!((0..5).any(|_| run() < limit), "takes more than {limit:?} each time");
}

/// This machine's address on its outer network.
pub(crate) fn outer_address() -> IpAddr {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    socket.connect("192.0.2.1:9").unwrap();
    socket.local_addr().unwrap().ip()
}

/// The beginning of a long text, for messages.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(300).collect()
}
