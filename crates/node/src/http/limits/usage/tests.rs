//! What a connection may read, and since when it makes the node wait.

use std::net::Ipv4Addr;
use std::sync::atomic::AtomicUsize;
use std::task::Wake;

use super::*;

fn usage() -> Usage {
    Usage::new(Ipv4Addr::LOCALHOST.into(), Arc::default())
}

/// Counts how often it was woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// A waker, and how often it was woken since the last call.
fn waker() -> (Waker, impl Fn() -> usize) {
    let woken = Arc::<Woken>::default();
    (Waker::from(Arc::clone(&woken)), move || woken.0.swap(0, Relaxed))
}

#[test]
fn requests_are_read_in_pieces_and_little_ahead_of_an_answer() {
    let usage = usage();
    assert_eq!(usage.room(), PIECE);
    assert_eq!([PIECE - 1, PIECE].map(|bytes| usage.read(bytes)), [false, true]);
    assert_eq!(usage.unfinished(), 2 * PIECE - 1);
    usage.begin(false);
    assert_eq!((usage.room(), usage.unfinished()), (AHEAD, 0));
    assert!(!usage.read(PIECE), "it is being answered");
    assert_eq!((usage.room(), usage.unfinished()), (0, 0));
    usage.end();
    assert_eq!(usage.room(), PIECE);
}

#[test]
fn body_is_read_no_further_than_a_window_ahead_of_its_handler() {
    let usage = usage();
    usage.begin(true);
    assert_eq!(usage.room(), WINDOW);
    usage.read(WINDOW - 1);
    assert_eq!((usage.room(), usage.unfinished()), (1, WINDOW - 1));
    usage.body_taken();
    assert_eq!((usage.room(), usage.unfinished()), (WINDOW, WINDOW - 1));
    usage.body_done();
    assert_eq!((usage.room(), usage.unfinished()), (AHEAD, 0));
}

#[test]
fn large_unfinished_requests_wait_while_memory_is_scarce() {
    let all = Arc::<AtomicUsize>::default();
    let usage = Usage::new(Ipv4Addr::LOCALHOST.into(), Arc::clone(&all));
    usage.read(SMALL);
    assert_eq!(usage.room(), PIECE, "there is memory");
    all.store(UNFINISHED, Relaxed);
    assert_eq!(usage.room(), 0);
    usage.begin(true);
    assert_eq!(usage.room(), 0);
    let small = Usage::new(Ipv4Addr::LOCALHOST.into(), Arc::clone(&all));
    small.read(SMALL - 1);
    assert_eq!(small.room(), PIECE);
}

#[test]
fn unfinished_requests_are_counted_up_to_a_limit_and_until_they_end() {
    let all = Arc::<AtomicUsize>::default();
    let [one, other] = [(); 2].map(|()| Usage::new(Ipv4Addr::LOCALHOST.into(), Arc::clone(&all)));
    one.read(MOST + 1);
    other.read(5);
    assert_eq!((one.unfinished(), all.load(Relaxed)), (MOST, MOST + 5));
    one.end();
    assert_eq!((one.unfinished(), all.load(Relaxed)), (0, 5));
    drop(other);
    assert_eq!(all.load(Relaxed), 0);
}

#[test]
fn client_that_takes_no_data_is_not_read_from() {
    let usage = usage();
    assert!(usage.stalled().is_zero());
    usage.stalled_since.store(1, Relaxed);
    usage.stall();
    assert_eq!(usage.idle_since(), Some(1), "the first stall counts");
    assert_eq!(usage.room(), 0);
    usage.sent(7);
    assert_eq!((usage.stalled(), usage.room(), usage.all_sent()), (Duration::ZERO, PIECE, 7));
    usage.stall();
    assert_eq!(usage.room(), 0);
}

#[test]
fn client_is_new_until_it_asks_or_is_sent_something() {
    let [asks, is_sent] = [(); 2].map(|()| usage());
    assert!(asks.is_new() && is_sent.is_new());
    asks.begin(false);
    is_sent.sent(1);
    assert!(!asks.is_new() && !is_sent.is_new());
}

#[test]
fn node_waits_unless_it_works_for_the_client() {
    let usage = usage();
    assert!(usage.idle_since().is_some() && usage.waiting().is_some());
    usage.begin(false);
    assert_eq!((usage.idle_since(), usage.waiting()), (None, None));
    usage.queue(true);
    assert!(usage.idle_since().is_some(), "it waits at a gate");
    usage.queue(false);
    assert_eq!(usage.idle_since(), None);
    usage.begin(true);
    assert!(usage.idle_since().is_some(), "the node waits for the body");
    assert_eq!(usage.waiting(), None);
    usage.end();
    assert!(usage.idle_since().is_some() && usage.waiting().is_some());
}

#[test]
fn times_are_counted_from_the_last_change() {
    let usage = usage();
    while now() < 5 {
        std::thread::yield_now();
    }
    usage.since.store(now() - 3, Relaxed);
    assert!(usage.waiting().unwrap() >= Duration::from_millis(3));
    usage.stalled_since.store(now() - 3, Relaxed);
    assert!(usage.stalled() >= Duration::from_millis(3));
    usage.sent(10);
    usage.answer();
    usage.sent(20);
    usage.answer.1.store(now() - 3, Relaxed);
    let (took, sent) = usage.answering();
    assert!(took >= Duration::from_millis(3) && took < Duration::from_secs(60), "{took:?}");
    assert_eq!(sent, 20);
}

#[test]
fn paused_reading_resumes_once() {
    let (usage, (waker, woken)) = (usage(), waker());
    usage.release();
    assert_eq!(woken(), 0);
    for resume in [Usage::release, Usage::body_taken, Usage::body_done, Usage::end] {
        usage.withhold(&waker);
        resume(&usage);
        assert_eq!(woken(), 1);
        resume(&usage);
        assert_eq!(woken(), 0, "it was not paused");
    }
    usage.stall();
    usage.withhold(&waker);
    usage.sent(1);
    assert_eq!(woken(), 1);
}

#[test]
fn connection_that_is_cut_is_woken() {
    let (usage, (waker, woken)) = (usage(), waker());
    usage.wait(&Context::from_waker(&waker));
    assert!(!usage.is_cut());
    usage.cut();
    assert!(usage.is_cut());
    assert_eq!(woken(), 1);
}
