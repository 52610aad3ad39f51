//! Whether the files that the node has open are still those in its directory.
//!
//! Who removes, moves or replaces them under a running node takes away what the node acknowledges from then on: it goes
//! to files that no start finds again. So each change looks before it is committed, and a thread now and then, so that
//! the log says it at once. A look costs four calls of `stat` and a read. The database is never opened for it: closing it
//! would give up the locks that SQLite has on it (<https://sqlite.org/howtocorrupt.html>, section 2.2).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::contents::{Contents, Foreign, Look};
use super::found::{FileId, Found, Times};
use crate::store::errors::{Displaced, Now, StoreError};
use crate::store::names::{DATABASE, LOCK};

/// The time between two looks of the thread.
const PAUSE: Duration = Duration::from_secs(2);

/// The time between two lines of the log while a file is not there.
const REMINDER: Duration = Duration::from_secs(60);

/// Looks at the files of a data directory while the database is in use.
#[derive(Debug, Default)]
pub(crate) struct Watch(OnceLock<Files>);

/// The files as they were when the node opened them.
#[derive(Debug)]
struct Files {
    database: Watched,
    log: Watched,
    shared: Watched,
    lock: Watched,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    contents: Contents,
    /// What was written to by another program, which no later look makes good.
    overwritten: Option<Displaced>,
    /// Whether the database is being closed, and its files go.
    is_over: bool,
    /// What the log said last, and when.
    said: Option<(Displaced, Instant)>,
}

impl Watch {
    /// Begins with what the files in a directory are. All that the node keeps open must be open.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(crate) fn begin(&self, directory: &Path) -> Result<(), StoreError> {
        let files = Files::of(directory).map_err(|error| StoreError::directory(directory, error))?;
        self.0.get_or_init(|| files);
        Ok(())
    }

    /// Checks that all files are in their places, and that only SQLite has written to them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`]; the log says it, too.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        self.0.get().map_or(Ok(()), Files::check)
    }

    /// Looks again after a commit, if that changed more than the log's end: what it did to the files is not another
    /// program's. Answers how many changes were committed to the database, by whomever; none if nobody knows.
    pub(crate) fn committed(&self) -> Option<u32> {
        self.0.get()?.committed()
    }

    /// Notes that another program has changed what the node keeps, through SQLite.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`], from now on; the log says it, too.
    pub(crate) fn refuse(&self) -> Result<(), StoreError> {
        self.0.get().map_or(Ok(()), Files::refuse)
    }

    /// Whether the log may be brought in: nobody else has written to the files that the node has open. To another file in
    /// the place of the shared memory none of the node's locks belong.
    pub(crate) fn is_log_ours(&self) -> bool {
        self.0.get().is_none_or(Files::is_log_ours)
    }

    /// Ends before the database is closed.
    pub(crate) fn end(&self) {
        if let Some(files) = self.0.get() {
            files.state().is_over = true;
        }
    }
}

impl Files {
    fn of(directory: &Path) -> io::Result<Self> {
        let database = directory.join(DATABASE);
        let [log, shared] = ["-wal", "-shm"].map(|suffix| beside(&database, suffix));
        let contents = Contents::begin(&shared, Found::at(&database, Times::Wanted)?)?;
        Ok(Self {
            database: Watched::begin(database, Times::Wanted)?,
            log: Watched::begin(log, Times::Unwanted)?,
            shared: Watched::begin(shared, Times::Unwanted)?,
            lock: Watched::begin(directory.join(LOCK), Times::Unwanted)?,
            state: Mutex::new(State { contents, overwritten: None, is_over: false, said: None }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Result<(), StoreError> {
        // One look at a time: what an older one saw would be compared with what a newer one noted.
        let mut state = self.state();
        if state.is_over {
            return Ok(());
        }
        let looked = self.look(&mut state);
        state.say(looked.as_ref().err());
        looked.map_err(Into::into)
    }

    fn look(&self, state: &mut State) -> Result<(), Displaced> {
        let found = self.found()?;
        if state.overwritten.is_none() {
            let unreachable = |error| self.shared.unreachable(error);
            let foreign = match state.contents.look(found).map_err(unreachable)? {
                Look::Ours => None,
                Look::Foreign(foreign) => Some(foreign),
                Look::Changed => {
                    let before = state.contents.index().map_err(unreachable)?;
                    let found = self.found()?;
                    state.contents.note(before, found).map_err(unreachable)?
                }
            };
            state.overwritten = foreign.map(|foreign| match foreign {
                Foreign::Database => self.database.is_now(Now::Overwritten),
                Foreign::Log => self.log.is_now(Now::Overwritten),
            });
        }
        state.overwritten.clone().map_or(Ok(()), Err)
    }

    /// The database and its log, if all files are in their places.
    fn found(&self) -> Result<(Found, Found), Displaced> {
        let found = (self.database.look()?, self.log.look()?);
        self.shared.look()?;
        self.lock.look()?;
        Ok(found)
    }

    fn committed(&self) -> Option<u32> {
        let (is_changed, commits) = self.state().contents.commits().ok()?;
        if is_changed {
            let _ = self.check(); // The next change asks again.
        }
        Some(commits)
    }

    fn refuse(&self) -> Result<(), StoreError> {
        let changed = self.database.is_now(Now::Changed);
        self.state().overwritten.get_or_insert(changed);
        self.check()
    }

    fn is_log_ours(&self) -> bool {
        let is_another = |displaced: Displaced| matches!(displaced.now, Now::Another);
        let is_overwritten = |state: &State| state.overwritten.is_some();
        !is_overwritten(&self.state()) && !self.shared.look().is_err_and(is_another)
    }
}

impl State {
    /// Tells the log what is new, and what lasts now and then.
    fn say(&mut self, displaced: Option<&Displaced>) {
        match (displaced, &self.said) {
            (None, None) => {}
            (None, Some(_)) => {
                tracing::info!("the data directory is as it was: changes are taken again");
                self.said = None;
            }
            (Some(now), Some((before, at))) if now.is_like(before) && at.elapsed() < REMINDER => {}
            (Some(now), _) => {
                tracing::error!("{now}");
                self.said = Some((now.clone(), Instant::now()));
            }
        }
    }
}

/// A thread that looks now and then, until this is dropped.
#[derive(Debug)]
pub(crate) struct Watching(#[expect(dead_code, reason = "its end ends the thread")] Sender<()>);

impl Watching {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(crate) fn start(directory: &Path, watch: &Arc<Watch>) -> Result<Self, StoreError> {
        let (end, ended): (_, Receiver<()>) = channel();
        let watch = Arc::clone(watch);
        let work = move || {
            while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let _ = watch.check(); // The log says it.
            }
        };
        let started = std::thread::Builder::new().name("watch".into()).spawn(work);
        started.map_err(|error| StoreError::directory(directory, error))?;
        Ok(Self(end))
    }
}

/// A file that belongs to a database: it stands beside the file itself, not beside a link to it.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let is_link = database.symlink_metadata().is_ok_and(|found| found.is_symlink());
    let real = if is_link { std::fs::canonicalize(database).ok() } else { None };
    let mut name = real.unwrap_or_else(|| database.to_owned()).into_os_string();
    name.push(suffix);
    name.into()
}

/// A file that is open, and where it was then.
#[derive(Debug)]
struct Watched {
    /// As the node names it: a working directory that is moved takes all files with it.
    path: PathBuf,
    /// As the log names it.
    shown: PathBuf,
    file: FileId,
    times: Times,
}

impl Watched {
    fn begin(path: PathBuf, times: Times) -> io::Result<Self> {
        Ok(Self { file: Found::at(&path, times)?.id, shown: std::path::absolute(&path)?, path, times })
    }

    /// The file, if it is in its place.
    fn look(&self) -> Result<Found, Displaced> {
        match Found::at(&self.path, self.times) {
            Ok(found) if found.id == self.file => Ok(found),
            Ok(_) => Err(self.is_now(Now::Another)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.is_now(Now::Nothing)),
            Err(error) => Err(self.unreachable(error)),
        }
    }

    fn unreachable(&self, error: io::Error) -> Displaced {
        self.is_now(Now::Unreachable(Arc::new(error)))
    }

    fn is_now(&self, now: Now) -> Displaced {
        Displaced { path: self.shown.clone(), now }
    }
}
