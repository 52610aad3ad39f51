//! A thread for each listener: a slow one delays no other, and all keep running while the server stops.

use std::convert::Infallible;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Builder;

use crate::events::Listener;
use crate::ledger::{Ledger, WeakLedger};
use crate::system::threads::caught;

/// How long listeners may take to end after the ledger is closed.
const PATIENCE: Duration = Duration::from_secs(5);

/// The running listeners.
#[derive(Debug)]
pub struct Listeners {
    ledger: WeakLedger,
    threads: Vec<JoinHandle<()>>,
    /// Each thread holds a clone and drops it when it ends.
    running: Sender<Infallible>,
    /// Disconnected when all threads have ended.
    ended: Receiver<Infallible>,
}

impl Listeners {
    /// No listeners yet.
    pub(super) fn of(ledger: &Ledger) -> Self {
        let (running, ended) = channel();
        Self { ledger: ledger.downgrade(), threads: Vec::new(), running, ended }
    }

    /// Starts a listener. If it panics, the panic is logged and the others continue.
    pub(super) fn start<Run: Future<Output = ()>>(
        &mut self,
        name: &'static str,
        events: Listener,
        run: impl FnOnce(Listener, WeakLedger) -> Run + Send + 'static,
    ) -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let (ledger, running) = (self.ledger.clone(), self.running.clone());
        let work = caught(name, move || runtime.block_on(run(events, ledger)));
        let work = move || {
            work().unwrap_or_else(|panicked| tracing::error!("{panicked}"));
            drop(running);
        };
        self.threads.push(thread::Builder::new().name(name.into()).spawn(work)?);
        Ok(())
    }

    /// Waits for all listeners to end. Call it after dropping the ledger. A listener that takes longer than `PATIENCE`
    /// ends with the process.
    pub fn finish(self) {
        self.finish_within(PATIENCE);
    }

    fn finish_within(self, patience: Duration) {
        drop(self.running);
        if self.ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            let late = self.threads.iter().filter(|thread| !thread.is_finished());
            late.filter_map(|thread| thread.thread().name()).for_each(|name| {
                tracing::warn!("listener {name} did not end within {patience:?}: abandoned")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::events::Heard;
    use crate::ledger::testing::ledger;
    use crate::telemetry::testing::Log;

    /// Ends a test that hangs.
    const LONG: Duration = Duration::from_secs(60);

    /// Sends the number of each event, and at the end whether the ledger still exists.
    async fn report(mut events: Listener, ledger: WeakLedger, reports: Sender<Result<u64, bool>>) {
        while let Heard::Event(event) = events.next().await {
            reports.send(Ok(event.number)).unwrap();
        }
        reports.send(Err(ledger.upgrade().is_some())).unwrap();
    }

    #[test]
    fn listeners_hear_all_events_and_end_with_the_ledger() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let mut listeners = Listeners::of(&ledger);
        let (sender, reports) = channel();
        listeners.start("panics", ledger.listen(), |_, _| async { panic!("on purpose") }).unwrap();
        listeners.start("reports", ledger.listen(), |events, weak| report(events, weak, sender)).unwrap();
        ledger.close();
        assert_eq!(reports.recv_timeout(LONG), Ok(Ok(1)));
        drop(ledger);
        assert_eq!(reports.recv_timeout(LONG), Ok(Err(false)));
        listeners.finish();
    }

    #[test]
    fn listeners_that_end_late_are_awaited() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let mut listeners = Listeners::of(&ledger);
        let ((sender, ended), (finish, finishing)) = (channel(), channel());
        let late = |_, _| async move {
            finishing.recv().unwrap();
            thread::sleep(Duration::from_millis(50));
            sender.send(()).unwrap();
        };
        listeners.start("late", ledger.listen(), late).unwrap();
        drop(ledger);
        finish.send(()).unwrap();
        listeners.finish();
        assert_eq!(ended.try_recv(), Ok(()));
    }

    #[test]
    fn stuck_listener_is_abandoned() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let mut listeners = Listeners::of(&ledger);
        listeners.start("stuck", ledger.listen(), |_, _| pending()).unwrap();
        drop(ledger);
        let (log, _logging) = Log::begin();
        listeners.finish_within(Duration::from_millis(10));
        let logged = log.take();
        assert!(logged.contains("listener stuck did not end within 10ms: abandoned"), "{logged}");
        self::ledger(&directory);
    }
}
