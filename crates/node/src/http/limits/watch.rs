//! Looks at all connections again and again, and cuts off those that cost too much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::Guards;
use super::usage::{SMALL, UNFINISHED, Usage};

/// How often.
const OFTEN: Duration = Duration::from_millis(250);

/// How long a client may take for the head of a request once the one before was answered.
const HEAD: Duration = Duration::from_secs(10);

/// How long a client may take nothing of its answer.
const STALLED: Duration = Duration::from_secs(30);

/// How long any answer may take; longer ones must be taken at [`SLOWEST`] at least.
const ANSWER: Duration = Duration::from_secs(60);

/// The slowest client that is served, in bytes a second.
const SLOWEST: u64 = 256 << 10;

/// How long an unfinished request may take when the memory for such requests is scarce.
const SCARCE: Duration = Duration::from_secs(2);

/// How often the log says how many clients were cut off.
const SAID: Duration = Duration::from_secs(60);

/// Watches until the server has ended.
pub(in crate::http) async fn watch(guards: Arc<Guards>) {
    let mut ticks = interval(OFTEN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut said, mut cut) = (Instant::now().checked_sub(SAID), 0);
    loop {
        ticks.tick().await;
        look(&guards);
        cut += guards.connections.take_cut();
        if cut > 0 && said.is_none_or(|said| said.elapsed() >= SAID) {
            tracing::info!("cut off {cut} idle or slow clients");
            (said, cut) = (Some(Instant::now()), 0);
        }
    }
}

fn look(guards: &Guards) {
    let connections = &guards.connections;
    let all = connections.all();
    all.iter()
        .filter(|usage| !usage.is_cut() && is_too_slow(usage))
        .for_each(|usage| connections.cut_off(usage));
    guards.gates().for_each(|gate| gate.relieve(connections));
    relieve_requests(guards, all);
}

fn is_too_slow(usage: &Usage) -> bool {
    let stalled = usage.stalled();
    if stalled.is_zero() {
        return usage.waiting().is_some_and(|waited| waited >= HEAD);
    }
    let (took, sent) = usage.answering();
    stalled >= STALLED || took >= ANSWER + Duration::from_secs(sent / SLOWEST)
}

/// Makes room for unfinished requests: the longest of those that take long are cut off.
fn relieve_requests(guards: &Guards, mut all: Vec<Arc<Usage>>) {
    let mut unfinished = guards.connections.unfinished();
    if unfinished < UNFINISHED {
        all.iter().for_each(|usage| usage.release());
        return;
    }
    let now = super::usage::now();
    let is_old = |since: u64| Duration::from_millis(now.saturating_sub(since)) >= SCARCE;
    all.retain(|usage| usage.unfinished() >= SMALL && usage.idle_since().is_some_and(is_old));
    all.sort_by_key(|usage| std::cmp::Reverse(usage.unfinished()));
    for usage in all {
        if unfinished < UNFINISHED / 2 {
            return;
        }
        unfinished = unfinished.saturating_sub(usage.unfinished());
        guards.connections.cut_off(&usage);
    }
}
