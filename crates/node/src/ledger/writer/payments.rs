//! Adds payments to the pool, many with one commit.

use std::sync::Arc;
use std::time::Instant;

use ledger_core::PaymentNumber;
use ledger_core::seam::{Accepted, RuleSet, Waiting};

use super::Writer;
use super::late::{Late, keep_signature};
use crate::events::Change;
use crate::ledger::{ChangeError, Source, Submission, View};
use crate::store::{StoreError, add_payment};

impl Writer {
    /// Adds payments to the pool with one commit, those of users first, and answers their senders.
    pub(super) fn submit(&mut self, mut batch: Vec<Submission>) {
        // Each source gets consecutive numbers, for its event. The sort is stable.
        batch.sort_by_key(|submission| submission.source);
        let late = match self.take_late(&mut batch) {
            Ok(late) => late,
            Err(error) => return refuse(batch, &Arc::new(error)),
        };
        let (first, index) = self.read(|view| (view.pool.next_number(), view.tip.height.next().get()));
        let accepted = self.read(|view| admitted(&*self.rules, view, batch));
        let written = self.store.durably(|connection| {
            for (late, submission) in &late {
                if let Late::InBlock(position) = late {
                    keep_signature(connection, *position, &submission.payment)?;
                }
            }
            (first..)
                .zip(&accepted)
                .try_for_each(|(number, submission)| add_payment(connection, number, &submission.payment))
        });
        match written {
            Ok(()) => {
                self.publish_accepted(accepted, first, index);
                late.into_iter().for_each(|(_, submission)| submission.reply.send(Ok(index)));
            }
            Err(error) => {
                self.late.forget_taken();
                refuse(late.into_iter().map(|(_, late)| late).chain(accepted), &Arc::new(error));
            }
        }
    }

    /// Takes the relayed payments that this node holds already out of a sorted batch.
    fn take_late(&mut self, batch: &mut Vec<Submission>) -> Result<Vec<(Late, Submission)>, StoreError> {
        let users = batch.partition_point(|submission| submission.source == Source::User);
        if users == batch.len() {
            return Ok(Vec::new());
        }
        let (tip, now) = (self.read(|view| view.tip), Instant::now());
        self.store.reading(|connection| self.late.refresh(connection, tip))?;
        let mut late = Vec::new();
        for relayed in batch.split_off(users) {
            match self.late.take(&relayed.payment, now) {
                Some(place) => late.push((place, relayed)),
                None => batch.push(relayed),
            }
        }
        Ok(late)
    }

    /// Publishes committed payments, with one event per source, then answers their senders.
    fn publish_accepted(&mut self, mut accepted: Vec<Submission>, mut first: PaymentNumber, index: u64) {
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
fn refuse(payments: impl IntoIterator<Item = Submission>, error: &Arc<StoreError>) {
    for Submission { reply, .. } in payments {
        reply.send(Err(ChangeError::Store(Arc::clone(error))));
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
