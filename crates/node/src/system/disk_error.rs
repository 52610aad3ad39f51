//! Explains the system's file errors in plain words: what is wrong, and the way out.
//!
//! "The disk is full" is one of twenty reasons why a write fails, and each has its own way out: a quota, a limit of the
//! shell, a disk that was pulled.

use std::fmt;
use std::io;

/// Shows a file error in plain words, or in the system's if there are none.
pub(crate) fn plain(error: &io::Error) -> Plain<'_> {
    Plain(error)
}

/// See [`plain`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain<'a>(&'a io::Error);

/// Whether [`plain`] has words for an error.
pub(crate) fn is_known(error: &io::Error) -> bool {
    words(error).is_some()
}

/// Whether an error means that space ran out: on the disk, within a quota, or in a file.
pub(crate) fn is_shortage(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match words(self.0) {
            Some(words) => f.write_str(&words),
            None => self.0.fmt(f),
        }
    }
}

#[cfg(not(unix))]
fn words(_: &io::Error) -> Option<String> {
    None
}

#[cfg(unix)]
fn words(error: &io::Error) -> Option<String> {
    use rustix::io::Errno;
    let words = match Errno::from_io_error(error).or_else(|| by_kind(error.kind()))? {
        Errno::NOSPC => "the disk is full; make room (`df -h` and `df -i` show how much there is)",
        Errno::DQUOT => {
            "the quota of this user on the disk is used up; make room, or ask for more (`quota -s`)"
        }
        Errno::FBIG => return Some(too_large()),
        Errno::MFILE => return Some(too_many_files()),
        Errno::NFILE => {
            "all programs together have as many files open as the system permits; end some of them"
        }
        Errno::ROFS => {
            "read-only file system; remount it writable (if it was before, `dmesg` says why it no longer is)"
        }
        Errno::IO => {
            "the disk fails: input/output error (`dmesg` says more); copy from it what can still be read"
        }
        Errno::NODEV | Errno::NXIO => "the device is gone; was the disk pulled, or unmounted?",
        Errno::STALE => "the network file system has lost the file (stale handle); mount it again",
        Errno::NOTCONN => "the program behind this file system has ended; mount it again",
        Errno::HOSTDOWN | Errno::TIMEDOUT => "the server of this network file system does not answer",
        Errno::NAMETOOLONG => "name too long; each part of a path may have 255 bytes, and all of it 4095",
        Errno::NOTDIR => "a part of the path is a file, not a directory",
        Errno::ISDIR => "it is a directory, not a file",
        Errno::NOENT => "there is no such file or directory",
        Errno::LOOP => "its symbolic links form a loop",
        Errno::ACCESS => return Some(denied()),
        Errno::PERM => "not permitted; is the file immutable (`lsattr` shows an i)?",
        Errno::NOLCK => {
            "this file system does not support locks; choose a directory on a disk of this machine"
        }
        Errno::TXTBSY | Errno::BUSY => "another program uses it",
        _ => return None,
    };
    Some(words.to_owned())
}

/// The number of an error, judged by its kind: a library that adds the path to an error drops the number.
#[cfg(unix)]
fn by_kind(kind: io::ErrorKind) -> Option<rustix::io::Errno> {
    use rustix::io::Errno;
    Some(match kind {
        io::ErrorKind::StorageFull => Errno::NOSPC,
        io::ErrorKind::QuotaExceeded => Errno::DQUOT,
        io::ErrorKind::FileTooLarge => Errno::FBIG,
        io::ErrorKind::ReadOnlyFilesystem => Errno::ROFS,
        io::ErrorKind::PermissionDenied => Errno::ACCESS,
        io::ErrorKind::NotFound => Errno::NOENT,
        _ => return None,
    })
}

#[cfg(unix)]
fn too_large() -> String {
    use rustix::process::{Resource, getrlimit};
    match getrlimit(Resource::Fsize).current {
        Some(bytes) => format!(
            "a file would be larger than the {bytes} bytes that this process may write; raise it before the start: \
             `ulimit -f unlimited`"
        ),
        None => "a file would be larger than the file system can hold (4 GiB on FAT)".to_owned(),
    }
}

#[cfg(unix)]
fn too_many_files() -> String {
    use rustix::process::{Resource, getrlimit};
    let limit =
        getrlimit(Resource::Nofile).current.map_or_else(String::new, |files| format!(" (limit {files})"));
    format!("too many open files{limit}; raise the limit before the start: `ulimit -n 2048`")
}

#[cfg(unix)]
fn denied() -> String {
    let user = rustix::process::geteuid().as_raw();
    format!("permission denied for user id {user}; `ls -ld` shows the owner and who may write")
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    fn says(errno: Errno) -> String {
        plain(&errno.into()).to_string()
    }

    #[test]
    fn only_a_full_disk_is_called_full() {
        assert!(says(Errno::NOSPC).starts_with("the disk is full"));
        for (errno, words) in [
            (Errno::DQUOT, "quota"),
            (Errno::FBIG, "larger than"),
            (Errno::ROFS, "read-only file system"),
            (Errno::IO, "input/output error"),
            (Errno::MFILE, "ulimit -n"),
            (Errno::ACCESS, "permission denied"),
            (Errno::NAMETOOLONG, "name too long"),
            (Errno::NXIO, "pulled"),
            (Errno::STALE, "network file system"),
            (Errno::NFILE, "all programs together"),
            (Errno::NODEV, "pulled"),
            (Errno::NOTCONN, "the program behind this file system"),
            (Errno::HOSTDOWN, "does not answer"),
            (Errno::TIMEDOUT, "does not answer"),
            (Errno::NOTDIR, "a part of the path is a file"),
            (Errno::ISDIR, "it is a directory"),
            (Errno::NOENT, "there is no such file"),
            (Errno::LOOP, "form a loop"),
            (Errno::PERM, "not permitted"),
            (Errno::NOLCK, "does not support locks"),
            (Errno::TXTBSY, "another program uses it"),
            (Errno::BUSY, "another program uses it"),
        ] {
            assert!(says(errno).contains(words) && !says(errno).contains("full"), "{}", says(errno));
        }
    }

    #[test]
    fn error_with_a_path_is_explained() {
        let error = tempfile::NamedTempFile::new_in("/no such directory").unwrap_err();
        assert!(plain(&error).to_string().starts_with("there is no such file or directory"));
        for (kind, words) in [
            (io::ErrorKind::StorageFull, "the disk is full"),
            (io::ErrorKind::QuotaExceeded, "the quota"),
            (io::ErrorKind::FileTooLarge, "a file would be larger"),
            (io::ErrorKind::ReadOnlyFilesystem, "read-only file system"),
            (io::ErrorKind::PermissionDenied, "permission denied"),
        ] {
            let error = io::Error::new(kind, "a path");
            assert!(is_known(&error) && plain(&error).to_string().starts_with(words), "{error}");
        }
    }

    #[test]
    fn only_space_quota_and_file_size_are_shortages() {
        assert!([Errno::NOSPC, Errno::DQUOT, Errno::FBIG].iter().all(|errno| is_shortage(&(*errno).into())));
        assert!(!is_shortage(&Errno::IO.into()));
    }

    #[test]
    fn unknown_error_keeps_the_systems_words() {
        let error = io::Error::other("a sentence of our own");
        assert_eq!(plain(&error).to_string(), "a sentence of our own");
        assert!(!is_known(&error));
    }
}
