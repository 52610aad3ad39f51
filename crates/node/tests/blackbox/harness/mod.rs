//! What the tests stand on: nodes as real processes, requests, payments, chains, and peers that misbehave.
//!
//! Nothing here sleeps: what a node does is awaited by its log, its answers or its end, each for [`PATIENCE`] at most.

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

use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again whether something without an event of its own has happened.
pub(crate) fn eventually(what: &str, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Checks that something which tells how long it took can be done in less than a time, where the time is the fact. A busy
/// machine may need longer once, but not each time.
pub(crate) fn assert_takes_less_than(limit: Duration, run: impl Fn() -> Duration) {
    assert!((0..5).any(|_| run() < limit), "it takes more than {limit:?} each time");
}

/// The beginning of a text that may be too long to print.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(300).collect()
}
