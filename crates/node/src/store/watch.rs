//! Whether the files that the node has open are still those in its directory.
//!
//! Who removes, moves or replaces them under a running node takes away what the node acknowledges from then on: it goes
//! to files that no start finds again. So each change looks before it is committed, and a thread now and then, so that
//! the log says it at once. A look costs four calls of `stat`. The files are never opened for it: closing the database
//! would give up the locks that SQLite has on it (<https://sqlite.org/howtocorrupt.html>, section 2.2).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::displaced::{Displaced, Now};
use super::place::LOCK;
use super::{DATABASE, StoreError};

/// The time between two looks of the thread.
const PAUSE: Duration = Duration::from_secs(2);

/// The time between two lines of the log while a file is not there.
const REMINDER: Duration = Duration::from_secs(60);

/// The files of a data directory as they were when the node opened them.
#[derive(Debug)]
pub(crate) struct Watch {
    files: Vec<Watched>,
    /// What the log said last, and when.
    said: Mutex<Option<(Displaced, Instant)>>,
}

impl Watch {
    /// Notes what the files in a directory are. All that the node keeps open must be open.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(super) fn begin(directory: &Path) -> Result<Self, StoreError> {
        let database = directory.join(DATABASE);
        let [log, shared] = ["-wal", "-shm"].map(|suffix| beside(&database, suffix));
        let watched = [database, log, shared, directory.join(LOCK)].map(Watched::begin);
        let files = watched.into_iter().collect::<io::Result<_>>();
        let files = files.map_err(|error| StoreError::directory(directory, error))?;
        Ok(Self { files, said: Mutex::default() })
    }

    /// Checks that all files are in their places.
    ///
    /// # Errors
    ///
    /// [`StoreError::Displaced`]; the log says it, too.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let displaced = self.files.iter().find_map(Watched::displaced);
        self.say(displaced.as_ref());
        displaced.map_or(Ok(()), |displaced| Err(displaced.into()))
    }

    /// Whether nobody else can have written to the log that the node has open: another file in the place of its shared
    /// memory would show him none of the node's locks.
    pub(super) fn is_log_ours(&self) -> bool {
        let is_another = |displaced: Displaced| matches!(displaced.now, Now::Another);
        let mut shared = self.files.iter().filter(|file| file.path.to_string_lossy().ends_with("-shm"));
        !shared.any(|file| file.displaced().is_some_and(is_another))
    }

    /// Tells the log what is new, and what lasts now and then.
    fn say(&self, displaced: Option<&Displaced>) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        match (displaced, said.as_ref()) {
            (None, None) => {}
            (None, Some(_)) => {
                tracing::info!("the data directory is as it was: changes are taken again");
                *said = None;
            }
            (Some(now), Some((before, at))) if now.is_like(before) && at.elapsed() < REMINDER => {}
            (Some(now), _) => {
                tracing::error!("{now}");
                *said = Some((now.clone(), Instant::now()));
            }
        }
    }
}

/// A thread that looks now and then, until this is dropped.
#[derive(Debug)]
pub(super) struct Watching(#[expect(dead_code, reason = "its end ends the thread")] Sender<()>);

impl Watching {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub(super) fn start(directory: &Path, watch: &Arc<Watch>) -> Result<Self, StoreError> {
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
}

impl Watched {
    fn begin(path: PathBuf) -> io::Result<Self> {
        Ok(Self { file: FileId::of(&path)?, shown: std::path::absolute(&path)?, path })
    }

    /// What became of the file, if it is not in its place any more.
    fn displaced(&self) -> Option<Displaced> {
        let now = match FileId::of(&self.path) {
            Ok(found) if found == self.file => return None,
            Ok(_) => Now::Another,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Now::Nothing,
            Err(error) => Now::Unreachable(Arc::new(error)),
        };
        Some(Displaced { path: self.shown.clone(), now })
    }
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let found = std::fs::metadata(path)?;
        Ok(Self { device: found.dev(), inode: found.ino() })
    }

    /// Files that are open cannot be removed where they have no numbers.
    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<Self> {
        std::fs::metadata(path).map(|_| Self { device: 0, inode: 0 })
    }
}
