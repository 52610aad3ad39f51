//! Runs work on other threads, and reports its panics.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};
use std::thread::{self, Builder, ScopedJoinHandle};

use tokio::task::{JoinError, spawn_blocking};

/// Stack size of a thread that is started only to see whether it can be.
const PROBE_STACK: usize = 64 << 10;

/// Work that panicked or was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{work} failed: {message}")]
pub struct Panicked {
    work: &'static str,
    message: Arc<str>,
}

impl Panicked {
    /// Work that ended without a result, and why.
    pub(crate) fn new(work: &'static str, message: impl Into<Arc<str>>) -> Self {
        Self { work, message: message.into() }
    }

    /// Why an async task has no result.
    pub(crate) fn of_task(work: &'static str, error: JoinError) -> Self {
        match error.try_into_panic() {
            Ok(panic) => Self::of_panic(work, &*panic),
            Err(cancelled) => Self::new(work, cancelled.to_string()),
        }
    }

    fn of_panic(work: &'static str, panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::new(work, text.unwrap_or("it panicked without a message"))
    }
}

/// Runs blocking work on a thread of the runtime's pool. The work runs to its end, even if nobody awaits the result.
///
/// Call it in an async runtime.
pub(crate) fn blocking<T: Send + 'static>(
    work: &'static str,
    run: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = Result<T, Panicked>> + Send + 'static {
    let task = spawn_blocking(caught(work, run));
    async move { task.await.unwrap_or_else(|error| Err(Panicked::of_task(work, error))) }
}

/// Wraps work so that it returns a panic as an error.
///
/// After a panic, do not use what the work has half changed. The compiler does not check that.
pub(crate) fn caught<T>(work: &'static str, run: impl FnOnce() -> T) -> impl FnOnce() -> Result<T, Panicked> {
    #[cfg(test)]
    let run = testing::may_panic(work, run);
    move || catch_unwind(AssertUnwindSafe(run)).map_err(|panic| Panicked::of_panic(work, &*panic))
}

/// Waits for a scoped thread. Resumes its panic with the message, which the scope alone would drop.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Checks that this process can run `needed` more threads: a node that lacks one later would fail in the middle of its
/// work.
///
/// # Errors
///
/// How many it can run, and the way out.
pub(crate) fn check_room(needed: usize) -> Result<(), String> {
    refusal(room(needed), needed).map_or(Ok(()), Err)
}

/// How many more threads can run at the same time, up to `most`.
fn room(most: usize) -> usize {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let _closed = gate.lock();
        let start = |_: &usize| {
            let waiting = || drop(gate.lock());
            Builder::new().stack_size(PROBE_STACK).spawn_scoped(scope, waiting).is_ok()
        };
        (0..most).take_while(start).count()
    })
}

fn refusal(room: usize, needed: usize) -> Option<String> {
    (room < needed).then(|| {
        format!(
            "this process can start only {room} more threads, but a node needs {needed}; raise the limit before the start: \
             `ulimit -u`, TasksMax= of systemd, or --pids-limit of the container"
        )
    })
}

/// Panics that tests ask for.
#[cfg(test)]
pub(crate) mod testing {
    use std::cell::Cell;

    thread_local! {
        static PANICS: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// Makes the next work of this name that this thread starts panic, on whatever thread it runs.
    pub(crate) fn let_panic(work: &'static str) {
        PANICS.set(Some(work));
    }

    /// The message of the panic.
    pub(crate) const MESSAGE: &str = "the cause that a test looks for";

    pub(super) fn may_panic<T>(work: &'static str, run: impl FnOnce() -> T) -> impl FnOnce() -> T {
        let panics = PANICS.get() == Some(work);
        if panics {
            PANICS.set(None);
        }
        move || {
            assert!(!panics, "{MESSAGE}");
            run()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn result_of_blocking_work_is_returned() {
        assert_eq!(blocking("adding", || 2 + 3).await, Ok(5));
    }

    #[tokio::test]
    async fn panic_is_reported_with_the_work_and_its_message() {
        let text = blocking("adding", || -> u64 { panic!("no number") }).await.unwrap_err();
        assert_eq!(text.to_string(), "adding failed: no number");
        let formatted = blocking("adding", || -> u64 { panic!("no number {}", 7) }).await.unwrap_err();
        assert_eq!(formatted.to_string(), "adding failed: no number 7");
        let value = blocking("adding", || -> u64 { std::panic::panic_any(7) }).await.unwrap_err();
        assert_eq!(value.to_string(), "adding failed: it panicked without a message");
    }

    #[test]
    fn panic_of_a_scoped_thread_keeps_its_message() {
        let scoped = || std::thread::scope(|scope| joined(scope.spawn(|| -> u64 { panic!("no number") })));
        assert_eq!(caught("adding", scoped)(), Err(Panicked::new("adding", "no number")));
    }

    #[test]
    fn too_few_threads_are_refused() {
        assert_eq!(room(20), 20);
        assert_eq!(check_room(20), Ok(()));
        assert_eq!(refusal(20, 20), None);
        let refused = refusal(7, 20).unwrap();
        assert!(refused.contains("can start only 7 more threads, but a node needs 20"), "{refused}");
    }

    #[tokio::test]
    async fn cancelled_task_is_reported_as_cancelled() {
        let task = tokio::spawn(std::future::pending::<()>());
        task.abort();
        let cancelled = Panicked::of_task("waiting", task.await.unwrap_err());
        assert!(cancelled.to_string().ends_with("was cancelled"), "{cancelled}");
    }

    #[tokio::test]
    async fn work_panics_once_when_a_test_asks_for_it() {
        testing::let_panic("adding");
        assert_eq!(blocking("subtracting", || 5 - 3).await, Ok(2));
        assert_eq!(blocking("adding", || 5).await, Err(Panicked::new("adding", testing::MESSAGE)));
        assert_eq!(blocking("adding", || 5).await, Ok(5));
    }
}
