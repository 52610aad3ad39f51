//! Adds payments to the pool, many with one commit.

use std::sync::Arc;
use std::time::Instant;

use ledger_core::PaymentNumber;
use ledger_core::seam::{Accepted, RuleSet, Waiting};

use super::Writer;
use crate::events::Change;
use crate::ledger::{ChangeError, Source, Submission, View};
use crate::store::{StoreError, add_payment};

impl Writer {
    /// Adds payments to the pool with one commit, those of users first, and answers their senders.
    pub(super) fn submit(&mut self, batch: Vec<Submission>) {
        let mut batch = self.without_late(batch);
        // Consecutive numbers per source, for its event. The sort is stable.
        batch.sort_by_key(|submission| submission.source);
        let (first, index) = self.read(|view| (view.pool.next_number(), view.tip.height.next().get()));
        let accepted = self.read(|view| admitted(&*self.rules, view, batch));
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

    /// Answers relayed payments that a block brought before: they are in the chain, and must not enter the pool.
    fn without_late(&mut self, batch: Vec<Submission>) -> Vec<Submission> {
        let (now, index) = (Instant::now(), self.read(|view| view.tip.height.next().get()));
        let early = &mut self.early;
        let mut is_late = |submission: &Submission| {
            submission.source == Source::Relay && early.take(submission.payment.name(), now)
        };
        let (late, others): (Vec<_>, Vec<_>) = batch.into_iter().partition(|submission| is_late(submission));
        late.into_iter().for_each(|submission| submission.reply.send(Ok(index)));
        others
    }

    /// Publishes committed payments, with one event per source, then answers their senders.
    fn take_in(&mut self, mut accepted: Vec<Submission>, mut first: PaymentNumber, index: u64) {
        while let Some(source) = accepted.first().map(|submission| submission.source) {
            let same = accepted.partition_point(|submission| submission.source == source);
            let others = accepted.split_off(same);
            self.take_in_from(source, std::mem::replace(&mut accepted, others), first, index);
            first += same as PaymentNumber;
        }
    }

    fn take_in_from(&mut self, source: Source, payments: Vec<Submission>, first: PaymentNumber, index: u64) {
        let numbers = first..=first + payments.len() as PaymentNumber - 1;
        let mut replies = Vec::with_capacity(payments.len());
        let sent = (source == Source::User).then(|| numbers.clone());
        self.publish(Change::PaymentsAdded { numbers, source }, |view| {
            sent.into_iter().for_each(|numbers| view.note_sent_by_users(numbers));
            for (number, Submission { payment, reply, .. }) in (first..).zip(payments) {
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

/// The payments that the rules admit to the pool. Refuses the others.
fn admitted(rules: &dyn RuleSet, view: &View, batch: Vec<Submission>) -> Vec<Submission> {
    let (mut admitted, mut accepted) = (Vec::with_capacity(batch.len()), Accepted::default());
    for submission in batch {
        let waiting = Waiting { pool: &view.pool, accepted: &accepted };
        match rules.admit(&view.state, &waiting, &submission.payment) {
            Ok(admission) => {
                accepted.add(submission.payment.name(), admission);
                admitted.push(submission);
            }
            Err(refused) => submission.reply.send(Err(refused.into())),
        }
    }
    admitted
}

#[cfg(test)]
mod tests;
