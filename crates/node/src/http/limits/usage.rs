//! What one connection costs at the moment. The connection records it; the watch reads it to decide whom to cut
//! off.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;

/// Bytes of requests read at a time. Small, because one piece may hold many short requests, which all queue.
const PIECE: usize = 4 << 10;

/// Bytes read ahead while a request is being answered. Reading on is what detects a hang-up.
const AHEAD: usize = 1 << 10;

/// Bytes of a body read ahead of the handler.
const WINDOW: usize = 32 << 10;

/// Bytes of an incomplete request that are read even when the memory for incomplete requests is used up.
pub(super) const SMALL: usize = 16 << 10;

/// Most bytes of an incomplete request that count: anything beyond is not kept.
const MOST: usize = 512 << 10;

/// Bytes of incomplete requests, over all connections.
pub(super) const UNFINISHED: usize = 16 << 20;

/// Milliseconds since the first call.
pub(super) fn now() -> u64 {
    // The zero of a clock, not a state: it never changes.
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    let passed = FIRST.elapsed();
    #[cfg(test)]
    let passed = testing::passed().unwrap_or(passed);
    // Add one, so that zero can mean "never".
    u64::try_from(passed.as_millis()).unwrap_or(u64::MAX - 1) + 1
}

/// The traffic of one connection.
#[derive(Debug)]
pub struct Usage {
    /// The client: an IPv4 address, or the network of an IPv6 address.
    pub(super) address: IpAddr,
    /// Whether a request is being answered.
    is_working: AtomicBool,
    /// Whether that request's body is still being read.
    is_reading_body: AtomicBool,
    /// Time of the last change between idle and working.
    since: AtomicU64,
    /// Since when the client has not taken queued data; 0 if it is not stalled.
    stalled_since: AtomicU64,
    /// Bytes sent.
    sent: AtomicU64,
    /// Whether the client has made a request.
    has_asked: AtomicBool,
    /// Bytes sent before the current answer, and the time when it began.
    answer: (AtomicU64, AtomicU64),
    /// Bytes of the incomplete request.
    unfinished: AtomicUsize,
    /// Bytes of incomplete requests, over all connections.
    all_unfinished: Arc<AtomicUsize>,
    /// Bytes read ahead of the handler.
    ahead: AtomicUsize,
    is_withheld: AtomicBool,
    /// Whether the request waits at a gate.
    is_queued: AtomicBool,
    is_cut: AtomicBool,
    waker: AtomicWaker,
}

impl Usage {
    pub(super) fn new(address: IpAddr, all_unfinished: Arc<AtomicUsize>) -> Self {
        Self {
            address,
            is_working: AtomicBool::default(),
            is_reading_body: AtomicBool::default(),
            since: now().into(),
            stalled_since: AtomicU64::default(),
            sent: AtomicU64::default(),
            has_asked: AtomicBool::default(),
            answer: Default::default(),
            unfinished: AtomicUsize::default(),
            all_unfinished,
            ahead: AtomicUsize::default(),
            is_withheld: AtomicBool::default(),
            is_queued: AtomicBool::default(),
            is_cut: AtomicBool::default(),
            waker: AtomicWaker::new(),
        }
    }

    /// Ends the connection as soon as its thread runs.
    pub(in crate::http) fn cut(&self) {
        self.is_cut.store(true, Relaxed);
        self.waker.wake();
    }

    pub(in crate::http) fn is_cut(&self) -> bool {
        self.is_cut.load(Relaxed)
    }

    /// Registers the task to wake when the connection is cut off or may read again.
    pub(in crate::http) fn wait(&self, context: &Context<'_>) {
        self.waker.register(context.waker());
    }

    /// Records that reading is paused although there may be data.
    pub(in crate::http) fn withhold(&self, waker: &Waker) {
        self.is_withheld.store(true, Relaxed);
        self.waker.register(waker);
    }

    /// Resumes reading if it was paused.
    pub(super) fn release(&self) {
        if self.is_withheld.swap(false, Relaxed) {
            self.waker.wake();
        }
    }

    /// Bytes that may be read now.
    pub(in crate::http) fn room(&self) -> usize {
        let is_crowded =
            self.unfinished.load(Relaxed) >= SMALL && self.all_unfinished.load(Relaxed) >= UNFINISHED;
        let ahead = self.ahead.load(Relaxed);
        match (self.is_working(), self.is_reading_body.load(Relaxed)) {
            // Do not read requests of a client that does not read its answers.
            (false, _) if is_crowded || self.stalled_since.load(Relaxed) > 0 => 0,
            (false, _) => PIECE,
            (true, true) if is_crowded => 0,
            (true, true) => WINDOW.saturating_sub(ahead),
            (true, false) => AHEAD.saturating_sub(ahead),
        }
    }

    /// Records bytes read. Returns whether they filled the buffer.
    pub(in crate::http) fn read(&self, bytes: usize) -> bool {
        let (is_working, is_body) = (self.is_working(), self.is_reading_body.load(Relaxed));
        if is_working {
            self.ahead.fetch_add(bytes, Relaxed);
        }
        if !is_working || is_body {
            let more = bytes.min(MOST.saturating_sub(self.unfinished.load(Relaxed)));
            self.unfinished.fetch_add(more, Relaxed);
            self.all_unfinished.fetch_add(more, Relaxed);
        }
        !is_working && bytes >= PIECE
    }

    /// Whether the client has made no request and received nothing.
    pub(in crate::http) fn is_new(&self) -> bool {
        !self.has_asked.load(Relaxed) && self.sent.load(Relaxed) == 0
    }

    /// Records bytes sent.
    pub(in crate::http) fn sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Relaxed);
        if self.stalled_since.load(Relaxed) > 0 {
            self.stalled_since.store(0, Relaxed);
            self.release();
        }
    }

    /// Records that the client takes no data.
    pub(in crate::http) fn stall(&self) {
        if self.stalled_since.load(Relaxed) == 0 {
            self.stalled_since.store(now(), Relaxed);
        }
    }

    /// Records that a request's head is complete.
    pub(in crate::http) fn begin(&self, has_body: bool) {
        self.since.store(now(), Relaxed);
        self.ahead.store(0, Relaxed);
        self.is_reading_body.store(has_body, Relaxed);
        self.is_working.store(true, Relaxed);
        self.has_asked.store(true, Relaxed);
        if !has_body {
            self.forget_unfinished();
        }
    }

    /// Records that the handler has taken what was read of the body.
    pub(in crate::http) fn body_taken(&self) {
        self.ahead.store(0, Relaxed);
        self.release();
    }

    /// Records that the handler needs no more of the body.
    pub(in crate::http) fn body_done(&self) {
        self.is_reading_body.store(false, Relaxed);
        self.forget_unfinished();
        self.body_taken();
    }

    /// Records the start of the answer.
    pub(in crate::http) fn answer(&self) {
        self.answer.0.store(self.sent.load(Relaxed), Relaxed);
        self.answer.1.store(now(), Relaxed);
    }

    /// Records the end of the answer.
    pub(in crate::http) fn end(&self) {
        self.since.store(now(), Relaxed);
        self.is_working.store(false, Relaxed);
        self.is_reading_body.store(false, Relaxed);
        self.ahead.store(0, Relaxed);
        self.forget_unfinished();
        self.release();
    }

    fn forget_unfinished(&self) {
        self.all_unfinished.fetch_sub(self.unfinished.swap(0, Relaxed), Relaxed);
    }

    /// Records whether the request waits at a gate.
    pub(super) fn queue(&self, is_queued: bool) {
        self.is_queued.store(is_queued, Relaxed);
    }

    pub(super) fn is_working(&self) -> bool {
        self.is_working.load(Relaxed)
    }

    /// Bytes of the incomplete request.
    pub(super) fn unfinished(&self) -> usize {
        self.unfinished.load(Relaxed)
    }

    /// Bytes sent so far.
    pub(super) fn all_sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// Since when the client has kept the node waiting; none while the node works for it.
    pub(super) fn idle_since(&self) -> Option<u64> {
        let waits = self.is_reading_body.load(Relaxed) || self.is_queued.load(Relaxed);
        match self.stalled_since.load(Relaxed) {
            0 if self.is_working() && !waits => None,
            0 => Some(self.since.load(Relaxed)),
            stalled => Some(stalled),
        }
    }

    /// How long the client has not taken queued data.
    pub(super) fn stalled(&self) -> Duration {
        match self.stalled_since.load(Relaxed) {
            0 => Duration::ZERO,
            since => Duration::from_millis(now().saturating_sub(since)),
        }
    }

    /// How long the node has waited for a request; none while one is being answered.
    pub(super) fn waiting(&self) -> Option<Duration> {
        let since = self.since.load(Relaxed);
        (!self.is_working()).then(|| Duration::from_millis(now().saturating_sub(since)))
    }

    /// Duration of the current answer so far, and its bytes sent.
    pub(super) fn answering(&self) -> (Duration, u64) {
        let (sent, began) = (self.answer.0.load(Relaxed), self.answer.1.load(Relaxed));
        (Duration::from_millis(now().saturating_sub(began)), self.all_sent().saturating_sub(sent))
    }
}

impl Drop for Usage {
    fn drop(&mut self) {
        self.forget_unfinished();
    }
}

/// A clock that tests stop and advance.
#[cfg(test)]
pub(super) mod testing {
    use std::cell::Cell;
    use std::time::Duration;

    thread_local! {
        static STOPPED: Cell<Option<Duration>> = const { Cell::new(None) };
    }

    /// Stops the clock of this thread if it runs, and advances it.
    pub(crate) fn let_pass(time: Duration) {
        let now = STOPPED.get().unwrap_or_else(|| Duration::from_millis(super::now()));
        STOPPED.set(Some(now + time));
    }

    pub(super) fn passed() -> Option<Duration> {
        STOPPED.get()
    }
}

#[cfg(test)]
mod tests;
