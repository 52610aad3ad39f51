//! Payments on their way into the pool, many with one commit.

use std::sync::Arc;

use ledger_core::Pool;

use super::Writer;
use crate::ledger::{Refused, Submission};
use crate::store::{StoreError, add_payment};

impl Writer {
    /// Puts payments in the pool with one commit, and answers them.
    pub(super) fn submit(&mut self, batch: Vec<Submission>) {
        let (first, index) = self.look(|view| (view.pool.next_number(), view.tip.height.next().get()));
        let accepted = self.look(|view| with_room(&view.pool, batch));
        let written = self.store.durably(|connection| {
            (first..)
                .zip(&accepted)
                .try_for_each(|(number, submission)| add_payment(connection, number, &submission.payment))
        });
        self.publish(written, first, index, accepted);
    }

    fn publish(
        &mut self,
        written: Result<(), StoreError>,
        first: i64,
        index: u64,
        accepted: Vec<Submission>,
    ) {
        let failure = written.err().map(Arc::new);
        let mut replies = Vec::with_capacity(accepted.len());
        let mut view = self.view();
        for (number, Submission { payment, reply }) in (first..).zip(accepted) {
            if failure.is_none() {
                view.pool.restore(number, payment);
            }
            replies.push(reply);
        }
        drop(view);
        self.arrivals.notify_waiters();
        for reply in replies {
            reply.send(failure.clone().map_or(Ok(index), |error| Err(Refused::Store(error))));
        }
    }
}

/// The payments for which the pool has room; the others are answered.
fn with_room(pool: &Pool, batch: Vec<Submission>) -> Vec<Submission> {
    let (mut accepted, mut pending) = (Vec::with_capacity(batch.len()), 0);
    for submission in batch {
        match pool.check_room(&submission.payment, pending) {
            Ok(bytes) => {
                pending += bytes;
                accepted.push(submission);
            }
            Err(full) => submission.reply.send(Err(full.into())),
        }
    }
    accepted
}
