//! Checks all connections periodically, and cuts off those that cost too much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::Guards;
use super::usage::{SMALL, UNFINISHED, Usage};

/// Time between two checks.
const CHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Longest time for a request's head, once the request before it was answered.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest time that a client may be stalled.
const STALLED: Duration = Duration::from_secs(30);

/// Time allowed for any answer. Longer ones must be read at [`SLOWEST`] or faster.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Slowest rate that is served, in bytes per second.
const SLOWEST: u64 = 256 << 10;

/// Longest time for an incomplete request when the memory for them is used up.
const SCARCE: Duration = Duration::from_secs(2);

/// Time between two log lines about cut-off clients.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Runs until the server has ended.
pub(in crate::http) async fn watch(guards: Arc<Guards>) {
    let mut ticks = interval(CHECK_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut cut, mut refused) = (Summary::default(), Summary::default());
    loop {
        ticks.tick().await;
        check(&guards);
        if let Some(cut) = cut.add(guards.connections.take_cut()) {
            tracing::info!("cut off idle or slow clients: {cut}");
        }
        if let Some(refused) = refused.add(guards.rates.take_refused()) {
            tracing::info!("refused requests of clients that send too many: {refused}");
        }
    }
}

/// Counts events, for a log line a minute.
#[derive(Debug, Default)]
struct Summary {
    count: usize,
    logged: Option<Instant>,
}

impl Summary {
    /// Adds events. Returns how many there were since the last line, if there were any and a line is due.
    fn add(&mut self, more: usize) -> Option<usize> {
        self.count += more;
        let is_due = self.logged.is_none_or(|logged| logged.elapsed() >= LOG_INTERVAL);
        if self.count == 0 || !is_due {
            return None;
        }
        self.logged = Some(Instant::now());
        Some(std::mem::take(&mut self.count))
    }
}

fn check(guards: &Guards) {
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
        return usage.waiting().is_some_and(|waited| waited >= HEAD_TIMEOUT);
    }
    let (took, sent) = usage.answering();
    stalled >= STALLED || took >= ANSWER_TIME + Duration::from_secs(sent / SLOWEST)
}

/// Frees memory of incomplete requests: cuts off the longest of those that take long.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_a_minute_share_a_line() {
        let mut summary = Summary::default();
        assert_eq!([0, 2, 3, 4].map(|more| summary.add(more)), [None, Some(2), None, None]);
        summary.logged = summary.logged.map(|logged| logged - LOG_INTERVAL);
        assert_eq!([1, 0].map(|more| summary.add(more)), [Some(8), None]);
        summary.logged = None;
        assert_eq!(summary.add(0), None, "nothing happened");
    }
}
