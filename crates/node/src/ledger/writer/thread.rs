//! The thread that changes the ledger.

use std::sync::{Arc, PoisonError, RwLock};

use ledger_core::seam::RuleSet;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;

use super::late::LatePayments;
use super::{Command, Commands, Writer};
use crate::events::Events;
use crate::ledger::View;
use crate::store::{DataDir, Discards, Store, StoreError};
use crate::system::causes::with_causes;
use crate::system::threads::caught;
use crate::telemetry;

/// Commands that may wait for the writer.
const QUEUE: usize = 512;

/// The most payments in one commit.
const BATCH: usize = 1024;

/// Starts the thread. It ends when its handle is dropped and the queue is empty.
pub(in crate::ledger) fn start(
    store: Store,
    rules: Arc<dyn RuleSet>,
    (view, events): (Arc<RwLock<View>>, Events),
    data_dir: Arc<DataDir>,
) -> Result<Commands, StoreError> {
    let path = data_dir.path().to_owned();
    let (sender, queue) = mpsc::channel(QUEUE);
    let late = LatePayments::at_start(&store, &view.read().unwrap_or_else(PoisonError::into_inner))?;
    let writer = Writer { store, rules, view, events, late, _data_dir: data_dir };
    let work = move || {
        if let Err(panicked) = caught("the writer", || run(writer, queue))() {
            // The database is consistent; a node without a writer would be a zombie. Exit.
            tracing::error!("{panicked}; the node stops");
            telemetry::flush();
            std::process::exit(1);
        }
    };
    let thread = std::thread::Builder::new().name("writer".into()).spawn(work);
    let thread = thread.map_err(|error| StoreError::Directory { path, error })?;
    Ok(Commands::new(sender, thread))
}

fn run(mut writer: Writer, mut queue: mpsc::Receiver<Command>) {
    let mut next = next_command(&mut writer, &mut queue);
    while let Some(command) = next.take() {
        match command {
            Command::Task(task) => task(&mut writer),
            Command::Submit(mut batch) => {
                while batch.len() < BATCH && next.is_none() {
                    match queue.try_recv() {
                        Ok(Command::Submit(more)) => batch.extend(more),
                        Ok(task) => next = Some(task),
                        Err(_) => break,
                    }
                }
                writer.submit(batch);
            }
        }
        next = next.or_else(|| next_command(&mut writer, &mut queue));
    }
    log_failure(writer.store.discard_rest());
}

/// The next command; `None` at the end. The store removes discarded tables in between.
fn next_command(writer: &mut Writer, queue: &mut mpsc::Receiver<Command>) -> Option<Command> {
    loop {
        match writer.store.discards() {
            Discards::Nothing => {
                if queue.is_empty() {
                    writer.store.settle();
                }
                return queue.blocking_recv();
            }
            Discards::Idle => match queue.try_recv() {
                Err(TryRecvError::Empty) => {}
                command => return command.ok(),
            },
            Discards::Due if queue.is_closed() && queue.is_empty() => return None,
            Discards::Due => {}
        }
        log_failure(writer.store.discard_some());
    }
}

/// Logs that tables could not be removed.
fn log_failure(discarded: Result<(), StoreError>) {
    if let Err(error) = discarded {
        let why = with_causes(&error);
        tracing::warn!("unused tables not removed, will retry at the next start: {why}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::events::{Change, Heard, Source};
    use crate::ledger::Ledger;
    use crate::ledger::testing::{ledger, submissions};
    use crate::telemetry::testing::Log;

    fn queue(ledger: &Ledger, command: Command) {
        ledger.0.commands.blocking_send(command).unwrap();
    }

    #[test]
    fn waiting_payments_share_a_commit_and_tasks_keep_their_order() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let mut heard = ledger.listen();
        let (go, wait) = channel();
        queue(&ledger, Command::Task(Box::new(move |_| wait.recv().unwrap())));
        for to in ["bob", "carol", "dave"] {
            let (batch, _) = submissions(&[(to, Source::User)]);
            queue(&ledger, Command::Submit(batch));
        }
        let (done, order) = channel();
        for number in [1, 2] {
            let done = done.clone();
            queue(&ledger, Command::Task(Box::new(move |_| done.send(number).unwrap())));
        }
        drop(done);
        go.send(()).unwrap();
        assert_eq!(order.into_iter().collect::<Vec<_>>(), [1, 2]);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let Heard::Event(event) = runtime.block_on(heard.next()) else { panic!("no event") };
        assert_eq!(event.change, Change::PaymentsAdded { numbers: 0..=2, source: Source::User });
    }

    #[test]
    fn tables_that_could_not_be_removed_are_logged() {
        let (log, _logging) = Log::begin();
        log_failure(Ok(()));
        assert_eq!(log.take(), "");
        log_failure(Err(StoreError::Full));
        assert!(log.take().contains("unused tables not removed"));
    }
}
