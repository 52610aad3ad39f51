//! The thread that changes the ledger.

use std::sync::{Arc, RwLock};

use ledger_core::seam::RuleSet;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;

use super::{Command, Commands, Writer};
use crate::events::Events;
use crate::ledger::View;
use crate::store::{DataDir, Discards, Store, StoreError};
use crate::system::causes::with_causes;
use crate::system::threads::caught;
use crate::telemetry;

/// How many changes may wait for the writer before those who ask for more have to wait.
const QUEUE: usize = 512;

/// How many payments share one commit at the most.
const BATCH: usize = 1024;

/// Starts the thread. It ends when all that was asked is done and nobody can ask more.
pub(in crate::ledger) fn start(
    store: Store,
    rules: Arc<dyn RuleSet>,
    (view, events): (Arc<RwLock<View>>, Events),
    data_dir: Arc<DataDir>,
) -> Result<Commands, StoreError> {
    let path = data_dir.path().to_owned();
    let (sender, queue) = mpsc::channel(QUEUE);
    let writer = Writer { store, rules, view, events, _data_dir: data_dir };
    let work = move || {
        if let Err(panicked) = caught("the writer", || run(writer, queue))() {
            // What is on disk is right; going on without a writer would only look like a node.
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
    stays(writer.store.discard_rest());
}

/// The next command; none at the end. Meanwhile, the store gets rid of what it discarded.
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
        stays(writer.store.discard_some());
    }
}

/// Says that a table could not be discarded.
fn stays(discarded: Result<(), StoreError>) {
    if let Err(error) = discarded {
        let why = with_causes(&error);
        tracing::warn!("tables that are not needed any more stay until the next start: {why}");
    }
}
