//! Payments on their way into the pool, many with one commit.

use std::sync::Arc;

use ledger_core::Pool;

use super::Writer;
use crate::events::Change;
use crate::ledger::{ChangeError, Submission};
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
        match written {
            Ok(()) => self.take_in(accepted, first, index),
            Err(error) => refuse(accepted, Arc::new(error)),
        }
    }

    /// Shows payments that are on disk, as one event, then answers those who wait for them.
    fn take_in(&mut self, accepted: Vec<Submission>, first: i64, index: u64) {
        if accepted.is_empty() {
            return;
        }
        let numbers = first..first + accepted.len() as i64;
        let mut replies = Vec::with_capacity(accepted.len());
        self.publish(Change::PaymentsAdded(numbers), |view| {
            for (number, Submission { payment, reply }) in (first..).zip(accepted) {
                view.pool.restore(number, payment);
                replies.push(reply);
            }
        });
        replies.into_iter().for_each(|reply| reply.send(Ok(index)));
    }
}

/// Answers that payments could not be written.
fn refuse(payments: Vec<Submission>, error: Arc<StoreError>) {
    for Submission { reply, .. } in payments {
        reply.send(Err(ChangeError::Store(Arc::clone(&error))));
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
