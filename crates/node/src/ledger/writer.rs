//! The thread that changes the ledger.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};
use std::thread::JoinHandle;

use ledger_core::{Pool, Rules};
use tokio::sync::mpsc::error::{TryRecvError, TrySendError};
use tokio::sync::{Notify, mpsc, oneshot};

use super::{Refused, Submission, View};
use crate::store::{Discards, Place, Store, StoreError, add_payment};
use crate::telemetry;

/// How many changes may wait for the writer before those who ask for more have to wait.
const QUEUE: usize = 512;

/// How many payments share one commit at the most.
const BATCH: usize = 1024;

/// What the writer is asked.
pub(super) enum Command {
    /// Put payments in the pool.
    Submit(Vec<Submission>),
    /// Anything else.
    Task(Box<dyn FnOnce(&mut Writer) + Send>),
}

impl Command {
    /// A question whose answer goes to `reply`.
    pub(super) fn task<T: Send + 'static>(
        question: impl FnOnce(&mut Writer) -> T + Send + 'static,
        reply: oneshot::Sender<T>,
    ) -> Self {
        Self::Task(Box::new(move |writer| {
            // Whoever asked may have gone; the change is made all the same.
            let _ = reply.send(question(writer));
        }))
    }
}

/// The way to the writer. When it is dropped, all that was asked is done before it returns, and the database is closed.
#[derive(Debug)]
pub(super) struct Commands {
    sender: Option<mpsc::Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Commands {
    /// Asks the writer, and waits while its queue is full.
    pub(super) async fn send(&self, command: Command) -> Result<(), Refused> {
        self.sender().send(command).await.map_err(|_| Refused::Stopped)
    }

    /// Asks the writer from a thread that may block.
    pub(super) fn blocking_send(&self, command: Command) -> Result<(), Refused> {
        self.sender().blocking_send(command).map_err(|_| Refused::Stopped)
    }

    /// Asks the writer from anywhere, without waiting for a place in its queue.
    pub(super) fn send_later(&self, command: Command) {
        if let Err(TrySendError::Full(command)) = self.sender().try_send(command) {
            let sender = self.sender().clone();
            std::thread::spawn(move || sender.blocking_send(command));
        }
    }

    fn sender(&self) -> &mpsc::Sender<Command> {
        self.sender.as_ref().expect("the sender is there until the drop")
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the thread owns.
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) rules: Rules,
    view: Arc<RwLock<View>>,
    pub(super) arrivals: Arc<Notify>,
    /// The directory stays ours until the last change is written.
    _place: Arc<Place>,
}

impl Writer {
    /// Starts the thread. It ends when all that was asked is done and nobody can ask more.
    pub(super) fn start(
        store: Store,
        rules: Rules,
        (view, arrivals): (Arc<RwLock<View>>, Arc<Notify>),
        place: Arc<Place>,
    ) -> Result<Commands, StoreError> {
        let path = place.path().to_owned();
        let (sender, queue) = mpsc::channel(QUEUE);
        let writer = Self { store, rules, view, arrivals, _place: place };
        let work = move || {
            if catch_unwind(AssertUnwindSafe(|| writer.run(queue))).is_err() {
                // What is on disk is right; going on without a writer would only look like a node.
                tracing::error!("the writer failed; the node stops");
                telemetry::flush();
                std::process::exit(1);
            }
        };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(work);
        let thread = thread.map_err(|error| StoreError::Directory { path, error })?;
        Ok(Commands { sender: Some(sender), thread: Some(thread) })
    }

    /// The view, to be changed after a commit. Only this thread takes it.
    pub(super) fn view(&self) -> RwLockWriteGuard<'_, View> {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        view.version += 1;
        view
    }

    /// Looks at the view.
    pub(super) fn look<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn run(mut self, mut queue: mpsc::Receiver<Command>) {
        let mut next = self.next(&mut queue);
        while let Some(command) = next.take() {
            match command {
                Command::Task(task) => task(&mut self),
                Command::Submit(mut batch) => {
                    while batch.len() < BATCH && next.is_none() {
                        match queue.try_recv() {
                            Ok(Command::Submit(more)) => batch.extend(more),
                            Ok(task) => next = Some(task),
                            Err(_) => break,
                        }
                    }
                    self.submit(batch);
                }
            }
            next = next.or_else(|| self.next(&mut queue));
        }
        stays(self.store.discard_rest());
    }

    /// The next command; none at the end. Meanwhile, the store gets rid of what it discarded.
    fn next(&mut self, queue: &mut mpsc::Receiver<Command>) -> Option<Command> {
        loop {
            match self.store.discards() {
                Discards::Nothing => {
                    if queue.is_empty() {
                        self.store.settle();
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
            stays(self.store.discard_some());
        }
    }

    /// Puts payments in the pool with one commit, and answers them.
    fn submit(&mut self, batch: Vec<Submission>) {
        let (first, index) = self.look(|view| (view.pool.next_number(), view.tip.index.saturating_add(1)));
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

/// Says that a table could not be discarded.
fn stays(discarded: Result<(), StoreError>) {
    if let Err(error) = discarded {
        tracing::warn!("tables that are not needed any more stay until the next start: {error}");
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
