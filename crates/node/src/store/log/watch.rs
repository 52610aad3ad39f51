//! Checks that the node's open files are still those in its directory.
//!
//! Removing, moving or replacing them under a running node loses whatever the node acknowledges afterwards: it goes
//! to files that no later start finds. So each change checks before it commits, and a thread checks every two
//! seconds, so that the log reports it early. A check costs four `stat` calls and a read. It never opens the
//! database: closing that would drop SQLite's locks (<https://sqlite.org/howtocorrupt.html>, section 2.2).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::contents::{Contents, Foreign, Verdict};
use super::stat::{FileId, FileStat, Times};
use crate::store::errors::{Displaced, Now, StoreError};
use crate::store::names::{DATABASE, LOCK};

/// Time between two checks of the thread.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// Time between two log lines while a file is missing.
const REPEAT_INTERVAL: Duration = Duration::from_secs(60);

/// Watches the files of a data directory while the database is open.
#[derive(Debug, Default)]
pub(crate) struct FileWatch(OnceLock<Files>);

/// The files as they were when the node opened them.
#[derive(Debug)]
struct Files {
    database: OpenFile,
    log: OpenFile,
    shared: OpenFile,
    lock: OpenFile,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    contents: Contents,
    /// Set once another program has written to a file; permanent.
    overwritten: Option<Displaced>,
    /// Set when the database is about to be closed, which removes some of its files.
    is_ended: bool,
    /// What was logged last, and when.
    logged: Option<(Displaced, Instant)>,
}

impl FileWatch {
    /// Records the files of a directory. Call it when all files that stay open are open.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(crate) fn begin(&self, directory: &Path) -> Result<(), StoreError> {
        let files = Files::of(directory).map_err(|error| StoreError::directory(directory, error))?;
        self.0.get_or_init(|| files);
        Ok(())
    }

    /// Checks that all files are in place and written by SQLite alone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`]; logged, too.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        self.0.get().map_or(Ok(()), Files::check)
    }

    /// Checks again if our commit did more than append to the log, so that its effect on the files counts as ours.
    /// Returns the database's commit counter, or none if it cannot be read.
    pub(crate) fn committed(&self) -> Option<u32> {
        self.0.get()?.committed()
    }

    /// Records that another program changed what the node keeps, through SQLite.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`], now and at each later check; logged, too.
    pub(crate) fn refuse(&self) -> Result<(), StoreError> {
        self.0.get().map_or(Ok(()), Files::refuse)
    }

    /// Whether a checkpoint is safe: the open files are ours alone. If the shared memory was replaced, our locks do
    /// not protect the new file.
    pub(crate) fn is_log_ours(&self) -> bool {
        self.0.get().is_none_or(Files::is_log_ours)
    }

    /// Whether somebody has put a rollback journal beside the database. The node writes none while it watches.
    pub(crate) fn has_journal(&self) -> bool {
        self.0.get().is_some_and(|files| beside(&files.database.path, "-journal").exists())
    }

    /// Bytes of the database and of its log, if the files are in place.
    pub(crate) fn sizes(&self) -> Option<(u64, u64)> {
        let (database, log) = self.0.get()?.stat().ok()?;
        Some((database.length, log.length))
    }

    /// Ends the checks. Call it before the database is closed.
    pub(crate) fn end(&self) {
        if let Some(files) = self.0.get() {
            files.state().is_ended = true;
        }
    }
}

impl Files {
    fn of(directory: &Path) -> io::Result<Self> {
        let database = directory.join(DATABASE);
        let [log, shared] = ["-wal", "-shm"].map(|suffix| beside(&database, suffix));
        let contents = Contents::begin(&shared, FileStat::read(&database, Times::Wanted)?)?;
        Ok(Self {
            database: OpenFile::begin(database, Times::Wanted)?,
            log: OpenFile::begin(log, Times::Unwanted)?,
            shared: OpenFile::begin(shared, Times::Unwanted)?,
            lock: OpenFile::begin(directory.join(LOCK), Times::Unwanted)?,
            state: Mutex::new(State { contents, overwritten: None, is_ended: false, logged: None }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Result<(), StoreError> {
        // One check at a time: an older observation must not be compared with a newer record.
        let mut state = self.state();
        if state.is_ended {
            return Ok(());
        }
        let result = self.compare(&mut state);
        state.log(result.as_ref().err());
        result.map_err(Into::into)
    }

    fn compare(&self, state: &mut State) -> Result<(), Displaced> {
        let stat = self.stat()?;
        if state.overwritten.is_none() {
            let unreadable = |error| self.shared.unreadable(error);
            let foreign = match state.contents.compare(stat).map_err(unreadable)? {
                Verdict::Ours => None,
                Verdict::Foreign(foreign) => Some(foreign),
                Verdict::Changed => {
                    let before = state.contents.index().map_err(unreadable)?;
                    let stat = self.stat()?;
                    state.contents.note(before, stat).map_err(unreadable)?
                }
            };
            state.overwritten = foreign.map(|foreign| match foreign {
                Foreign::Database => self.database.displaced(Now::Overwritten),
                Foreign::Log => self.log.displaced(Now::Overwritten),
            });
        }
        state.overwritten.clone().map_or(Ok(()), Err)
    }

    /// Metadata of the database and its log, if all files are in place.
    fn stat(&self) -> Result<(FileStat, FileStat), Displaced> {
        let stat = (self.database.stat()?, self.log.stat()?);
        self.shared.stat()?;
        self.lock.stat()?;
        Ok(stat)
    }

    fn committed(&self) -> Option<u32> {
        let (is_changed, commits) = self.state().contents.commits().ok()?;
        if is_changed {
            let _ = self.check(); // The next change checks again.
        }
        Some(commits)
    }

    fn refuse(&self) -> Result<(), StoreError> {
        let changed = self.database.displaced(Now::Changed);
        self.state().overwritten.get_or_insert(changed);
        self.check()
    }

    fn is_log_ours(&self) -> bool {
        let is_another = |displaced: Displaced| matches!(displaced.now, Now::Another);
        let is_overwritten = |state: &State| state.overwritten.is_some();
        !is_overwritten(&self.state()) && !self.shared.stat().is_err_and(is_another)
    }
}

impl State {
    /// Logs a new problem at once, and a lasting one once a minute.
    fn log(&mut self, displaced: Option<&Displaced>) {
        match (displaced, &self.logged) {
            (None, None) => {}
            (None, Some(_)) => {
                tracing::info!("the data directory is back in order: accepting changes again");
                self.logged = None;
            }
            (Some(now), Some((before, at))) if now.is_like(before) && at.elapsed() < REPEAT_INTERVAL => {}
            (Some(now), _) => {
                tracing::error!("{now}");
                self.logged = Some((now.clone(), Instant::now()));
            }
        }
    }
}

/// A thread that checks every two seconds until this is dropped.
#[derive(Debug)]
pub(crate) struct WatchThread(#[expect(dead_code, reason = "dropping it ends the thread")] Sender<()>);

impl WatchThread {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(crate) fn start(directory: &Path, watch: &Arc<FileWatch>) -> Result<Self, StoreError> {
        let (end, ended): (_, Receiver<()>) = channel();
        let watch = Arc::clone(watch);
        let work = move || {
            while ended.recv_timeout(CHECK_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                let _ = watch.check(); // The check logs the reason.
            }
        };
        let started = std::thread::Builder::new().name("watch".into()).spawn(work);
        started.map_err(|error| StoreError::directory(directory, error))?;
        Ok(Self(end))
    }
}

/// A companion file of the database: it lies beside the file itself, not beside a link to it.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let is_link = database.symlink_metadata().is_ok_and(|stat| stat.is_symlink());
    let real = if is_link { std::fs::canonicalize(database).ok() } else { None };
    let mut name = real.unwrap_or_else(|| database.to_owned()).into_os_string();
    name.push(suffix);
    name.into()
}

/// An open file, and its path when it was opened.
#[derive(Debug)]
struct OpenFile {
    /// As the node opened it. A relative path stays relative: if the working directory moves, its files move along.
    path: PathBuf,
    /// Absolute, for the log.
    shown: PathBuf,
    file: FileId,
    times: Times,
}

impl OpenFile {
    fn begin(path: PathBuf, times: Times) -> io::Result<Self> {
        Ok(Self { file: FileStat::read(&path, times)?.id, shown: std::path::absolute(&path)?, path, times })
    }

    /// The file's metadata, if it is in place.
    fn stat(&self) -> Result<FileStat, Displaced> {
        match FileStat::read(&self.path, self.times) {
            Ok(stat) if stat.id == self.file => Ok(stat),
            Ok(_) => Err(self.displaced(Now::Another)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.displaced(Now::Nothing)),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    fn unreadable(&self, error: io::Error) -> Displaced {
        self.displaced(Now::Unreachable(Arc::new(error)))
    }

    fn displaced(&self, now: Now) -> Displaced {
        Displaced { path: self.shown.clone(), now }
    }
}

#[cfg(test)]
mod tests;
