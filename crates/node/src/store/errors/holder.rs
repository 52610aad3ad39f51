//! Finds out which program holds a lock on the database, from Linux's `/proc/locks`.

use std::fmt;
use std::path::Path;

use ledger_core::Printable;

/// Another program with a lock on the database, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Name and process id.
    known: Option<(String, u32)>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.known {
            Some((name, process)) => {
                write!(f, "another program ({}, process {process})", Printable::foreign(name))
            }
            None => f.write_str("another program (sqlite3, a database browser or a backup)"),
        }
    }
}

/// The byte of the shared memory that a writer locks (<https://sqlite.org/walformat.html>, section 2.3.1).
#[cfg(target_os = "linux")]
const WRITER: u64 = 120;

/// A reader of an older snapshot locks one of these bytes.
#[cfg(target_os = "linux")]
const READERS: std::ops::RangeInclusive<u64> = 123..=127;

impl Holder {
    /// The program that prevents writing or opening a database.
    #[cfg(target_os = "linux")]
    pub(crate) fn of_write_lock(database: &Path) -> Self {
        let of_database = Lock::of(database).into_iter().find(|lock| lock.is_write);
        let writer = || Lock::of(&shared_memory(database)).into_iter().find(Lock::is_writers);
        Self::of(of_database.or_else(writer))
    }

    /// The program whose long read prevents checkpoints.
    #[cfg(target_os = "linux")]
    pub(crate) fn of_read_lock(database: &Path) -> Self {
        Self::of(Lock::of(&shared_memory(database)).into_iter().find(Lock::is_readers))
    }

    #[cfg(target_os = "linux")]
    fn of(lock: Option<Lock>) -> Self {
        let name = |process| std::fs::read_to_string(format!("/proc/{process}/comm")).ok();
        let known = lock.and_then(|lock| Some((name(lock.process)?.trim_end().to_owned(), lock.process)));
        Self { known }
    }

    /// Unknown on other systems.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn of_write_lock(_: &Path) -> Self {
        Self::default()
    }

    /// Unknown on other systems.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn of_read_lock(_: &Path) -> Self {
        Self::default()
    }
}

#[cfg(target_os = "linux")]
fn shared_memory(database: &Path) -> std::path::PathBuf {
    let mut path = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned()).into_os_string();
    path.push("-shm");
    path.into()
}

/// Another process's lock on a file.
#[cfg(target_os = "linux")]
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lock {
    is_write: bool,
    process: u32,
    /// First locked byte.
    from: u64,
}

#[cfg(target_os = "linux")]
impl Lock {
    /// Other processes' locks on a file.
    fn of(file: &Path) -> Vec<Self> {
        use std::os::unix::fs::MetadataExt;
        let (Ok(found), Ok(locks)) = (std::fs::metadata(file), std::fs::read_to_string("/proc/locks")) else {
            return Vec::new();
        };
        let parse = |line: &str| Self::parse(line, found.ino());
        locks.lines().filter_map(parse).filter(|lock| lock.process != std::process::id()).collect()
    }

    /// Whether a writer holds this lock on the shared memory.
    fn is_writers(&self) -> bool {
        self.is_write && self.from == WRITER
    }

    /// Whether a reader of an older snapshot holds this lock on the shared memory.
    fn is_readers(&self) -> bool {
        READERS.contains(&self.from)
    }

    /// Parses a line such as `4: POSIX  ADVISORY  WRITE 1234 fd:01:5678 120 120`. Ignores the device: on some file
    /// systems it differs from what `stat` returns.
    fn parse(line: &str, inode: u64) -> Option<Self> {
        let mut words = line.split_ascii_whitespace().skip(1);
        let (kind, _, access) = (words.next()?, words.next()?, words.next()?);
        let process = words.next()?.parse().ok()?;
        let file = words.next()?.rsplit(':').next()?.parse::<u64>().ok()?;
        let from = words.next()?.parse().ok()?;
        (kind == "POSIX" && file == inode).then_some(Self { is_write: access == "WRITE", process, from })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn line_of_a_lock_is_parsed() {
        let line = "4: POSIX  ADVISORY  WRITE 1234 fd:01:5678 120 120";
        assert_eq!(Lock::parse(line, 5678), Some(Lock { is_write: true, process: 1234, from: 120 }));
        assert_eq!(Lock::parse(line, 567), None);
        for other in [
            "",
            "4: -> POSIX  ADVISORY  WRITE 1234 fd:01:5678 120 120",
            "1: FLOCK  ADVISORY  WRITE 9 fd:01:5678 0 EOF",
        ] {
            assert_eq!(Lock::parse(other, 5678), None, "{other}");
        }
    }

    #[test]
    fn locks_of_writers_and_readers_are_distinguished() {
        let lock = |is_write, from| Lock { is_write, process: 1234, from };
        assert!(lock(true, 120).is_writers());
        for other in [lock(false, 120), lock(true, 119), lock(true, 121), lock(true, 123)] {
            assert!(!other.is_writers(), "{other:?}");
        }
        let readers: Vec<u64> = (118..130).filter(|from| lock(false, *from).is_readers()).collect();
        assert_eq!(readers, [123, 124, 125, 126, 127]);
    }
}
