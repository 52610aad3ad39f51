use std::collections::VecDeque;

use bytes::Bytes;
use tokio::time::Instant;

use crate::rate::{Bucket, Rate};

/// Our own payments that wait to be sent, at four fifths of the rate that others accept from one origin.
pub(crate) struct Outbox {
    rate: Rate,
    most: usize,
    left: Bucket,
    waiting: VecDeque<Bytes>,
}

impl Outbox {
    pub(crate) fn new(per_origin: Rate, most: usize, now: Instant) -> Self {
        let rate = Rate::new(per_origin.per_second * 0.8, (per_origin.burst * 0.8).max(1.0));
        Self { rate, most, left: Bucket::full(rate, now), waiting: VecDeque::new() }
    }

    /// Adds a payment. Returns false if too many wait.
    pub(crate) fn add(&mut self, payment: Bytes) -> bool {
        let free = self.waiting.len() < self.most;
        if free {
            self.waiting.push_back(payment);
        }
        free
    }

    /// The next payment, if one may be sent now.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Bytes> {
        if self.waiting.is_empty() || !self.left.take(self.rate, 1.0, now) {
            return None;
        }
        self.waiting.pop_front()
    }

    /// Takes out all that wait.
    pub(crate) fn drain(&mut self) -> Vec<Bytes> {
        self.waiting.drain(..).collect()
    }

    /// When to ask for the next. `None` if nothing waits.
    pub(crate) fn wake_at(&self, now: Instant) -> Option<Instant> {
        (!self.waiting.is_empty()).then(|| now + self.left.wait(self.rate, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn payments_leave_in_order_at_four_fifths_of_the_rate() {
        let now = Instant::now();
        let mut outbox = Outbox::new(Rate::new(10.0, 5.0), 100, now);
        assert_eq!(outbox.wake_at(now), None);
        for number in 0..6u8 {
            assert!(outbox.add(Bytes::copy_from_slice(&[number])));
        }
        let sent: Vec<_> = std::iter::from_fn(|| outbox.next(now)).collect();
        assert_eq!(sent.concat(), [0, 1, 2, 3]);
        assert_eq!(outbox.wake_at(now), Some(now + Duration::from_millis(125)));
        assert_eq!(outbox.next(now + Duration::from_millis(125)).as_deref(), Some(&[4][..]));
    }

    #[test]
    fn full_outbox_takes_no_more() {
        let mut outbox = Outbox::new(Rate::new(10.0, 5.0), 1, Instant::now());
        assert!(outbox.add(Bytes::new()) && !outbox.add(Bytes::new()));
    }
}
