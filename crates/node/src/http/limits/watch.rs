//! Checks all connections periodically, and cuts off those that cost too much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use super::Guards;
use super::usage::{SMALL, UNFINISHED, Usage};

/// Time between two checks.
const CHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Longest time for a request's head after the answer to the request before it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest time that a client may be stalled.
const STALLED: Duration = Duration::from_secs(30);

/// Time allowed for any answer. Longer ones must be read at [`SLOWEST`] or faster.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// Slowest rate that is served, in bytes per second.
const SLOWEST: u64 = 256 << 10;

/// Longest time for an incomplete request when the memory for incomplete requests is used up.
const SCARCE: Duration = Duration::from_secs(2);

/// Time between two log lines about cut-off clients.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Checks all connections until the server has ended, and logs how many it cut off.
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
            tracing::info!("rate limit: refused requests: {refused}");
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

/// Frees memory of incomplete requests: cuts off the largest of those that have taken [`SCARCE`] or longer.
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
    use std::net::Ipv4Addr;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;
    use std::task::Wake;

    use clap::Parser;
    use futures_util::future::poll_immediate;

    use super::*;
    use crate::cli::Cli;
    use crate::http::limits::usage::testing::let_pass;

    #[test]
    fn events_of_a_minute_share_a_line() {
        let mut summary = Summary::default();
        assert_eq!([0, 2, 3, 4].map(|more| summary.add(more)), [None, Some(2), None, None]);
        summary.logged = summary.logged.map(|logged| logged - LOG_INTERVAL);
        assert_eq!([1, 0].map(|more| summary.add(more)), [Some(8), None]);
        summary.logged = None;
        assert_eq!(summary.add(0), None, "nothing happened");
    }

    /// The bounds of a node, while the clock stands still.
    fn guards() -> Guards {
        let_pass(Duration::ZERO);
        Guards::new(&Cli::parse_from(["node"]).flags)
    }

    /// Clients with an address each.
    fn clients<const COUNT: usize>(guards: &Guards) -> [Arc<Usage>; COUNT] {
        std::array::from_fn(|number| {
            let address = Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(number).unwrap());
            guards.connections.admit((address, 1000).into()).unwrap()
        })
    }

    fn are_cut<const COUNT: usize>(clients: &[Arc<Usage>; COUNT]) -> [bool; COUNT] {
        clients.each_ref().map(|usage| usage.is_cut())
    }

    const MOMENT: Duration = Duration::from_millis(100);

    #[test]
    fn client_without_a_request_is_cut_off() {
        let guards = guards();
        let clients: [_; 3] = clients(&guards);
        let [_, working, asks_again] = &clients;
        working.begin(false);
        let_pass(HEAD_TIMEOUT - MOMENT);
        asks_again.begin(false);
        asks_again.end();
        check(&guards);
        assert_eq!(are_cut(&clients), [false; 3]);
        let_pass(MOMENT);
        check(&guards);
        assert_eq!(are_cut(&clients), [true, false, false]);
        assert_eq!(guards.connections.take_cut(), 1);
        check(&guards);
        assert_eq!(guards.connections.take_cut(), 0, "it is cut off already");
    }

    #[test]
    fn stalled_client_is_cut_off() {
        let guards = guards();
        let clients: [_; 2] = clients(&guards);
        let_pass(MOMENT);
        for usage in &clients {
            usage.begin(false);
            usage.answer();
            usage.stall();
        }
        let_pass(STALLED - MOMENT);
        check(&guards);
        assert_eq!(are_cut(&clients), [false; 2]);
        clients[1].sent(1);
        clients[1].stall();
        let_pass(MOMENT);
        check(&guards);
        assert_eq!(are_cut(&clients), [true, false]);
    }

    #[test]
    fn slow_answer_is_cut_off_when_its_client_stalls() {
        let guards = guards();
        let clients: [_; 3] = clients(&guards);
        let [slow, fast, flowing] = &clients;
        for usage in &clients {
            usage.begin(false);
            usage.sent(100 << 20);
            usage.answer();
        }
        let_pass(ANSWER_TIME + Duration::from_secs(9));
        slow.sent(9 * SLOWEST as usize - 1);
        fast.sent(10 * SLOWEST as usize);
        [slow, fast].iter().for_each(|usage| usage.stall());
        check(&guards);
        assert_eq!(are_cut(&clients), [false; 3], "the stall has just begun");
        let_pass(MOMENT);
        check(&guards);
        assert_eq!(are_cut(&clients), [true, false, false]);
        assert!(!flowing.is_cut());
    }

    #[test]
    fn large_requests_that_take_long_are_cut_off_while_memory_is_scarce() {
        let guards = guards();
        let clients: [_; 35] = clients(&guards);
        let (large, rest) = clients.split_at(30);
        let [largest, little, working, young, more] = rest else { panic!("there are five more") };
        for usage in large {
            usage.read(500 << 10);
        }
        largest.read(512 << 10);
        little.read(SMALL - 1);
        working.read(500 << 10);
        working.begin(true);
        working.body_taken();
        assert!(guards.connections.unfinished() < UNFINISHED);
        let_pass(SCARCE);
        check(&guards);
        assert!(clients.iter().all(|usage| !usage.is_cut()), "there is memory");
        more.read(500 << 10);
        young.read(500 << 10);
        young.begin(true);
        assert!(guards.connections.unfinished() >= UNFINISHED);
        relieve_requests(&guards, guards.connections.all());
        assert!(largest.is_cut() && !little.is_cut() && !young.is_cut());
        let left: usize =
            clients.iter().filter(|usage| !usage.is_cut()).map(|usage| usage.unfinished()).sum();
        assert!((UNFINISHED / 2 - (512 << 10)..UNFINISHED / 2).contains(&left), "{left}");
    }

    #[test]
    fn paused_reading_resumes_when_there_is_memory() {
        struct Woken(AtomicUsize);
        impl Wake for Woken {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Relaxed);
            }
        }
        let (guards, woken) = (guards(), Arc::new(Woken(AtomicUsize::default())));
        let [client]: [_; 1] = clients(&guards);
        client.withhold(&Arc::clone(&woken).into());
        check(&guards);
        assert_eq!(woken.0.load(Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn stalled_holders_of_each_gate_give_way() {
        let guards = guards();
        let clients: [_; 3] = clients(&guards);
        let gates = [&guards.outstanding, &guards.long_answers, &guards.pool_answers];
        let mut held = Vec::new();
        for (gate, usage) in gates.into_iter().zip(&clients) {
            held.push(gate.enter_as(u32::MAX, Some(usage)).await.unwrap());
            usage.begin(false);
            usage.answer();
            usage.stall();
        }
        let_pass(Duration::from_secs(1));
        let mut waiting = gates.map(|gate| Box::pin(gate.enter(1)));
        for waits in &mut waiting {
            assert!(poll_immediate(waits).await.is_none());
        }
        check(&guards);
        assert_eq!(are_cut(&clients), [true; 3]);
    }
}
