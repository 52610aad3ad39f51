//! Which store error an error of SQLite or of the system becomes.

use std::fs;
use std::io::Write;

use super::*;

fn of(code: i32) -> StoreError {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
}

/// The same, after a system call has failed.
fn after(system: impl FnOnce() -> io::Result<()>, code: i32) -> StoreError {
    system().unwrap_err();
    of(code)
}

fn no_file() -> io::Result<()> {
    fs::metadata("/there is no such file").map(drop)
}

fn no_directory() -> io::Result<()> {
    fs::metadata("/dev/null/file").map(drop)
}

/// An error without words of ours: reading a file that is open for writing only.
fn write_only() -> io::Result<()> {
    io::Read::read(&mut fs::OpenOptions::new().write(true).open("/dev/null")?, &mut [0]).map(drop)
}

fn full_disk() -> io::Result<()> {
    fs::OpenOptions::new().write(true).open("/dev/full")?.write(b"x").map(drop)
}

#[test]
fn sqlite_errors_become_store_errors() {
    for (code, is_expected) in [
        (ffi::SQLITE_FULL, (|error| matches!(error, StoreError::Full)) as fn(StoreError) -> bool),
        (ffi::SQLITE_BUSY, |error| matches!(error, StoreError::Locked)),
        (ffi::SQLITE_PROTOCOL, |error| matches!(error, StoreError::Locked)),
        (ffi::SQLITE_READONLY, |error| matches!(error, StoreError::ReadOnly)),
        (ffi::SQLITE_PERM, |error| matches!(error, StoreError::ReadOnly)),
        (ffi::SQLITE_NOTADB, |error| matches!(error, StoreError::NotOurs)),
        (ffi::SQLITE_CORRUPT, |error| matches!(error, StoreError::Damaged { .. })),
        (ffi::SQLITE_IOERR_SHORT_READ, |error| error.to_string().contains("its log")),
        (ffi::SQLITE_ERROR, |error| matches!(error, StoreError::Database(_))),
    ] {
        assert!(is_expected(of(code)), "{code}");
    }
}

#[test]
fn failed_access_shows_the_systems_error() {
    for code in [ffi::SQLITE_CANTOPEN, ffi::SQLITE_IOERR_WRITE] {
        assert!(matches!(after(full_disk, code), StoreError::Full));
        let disk = after(no_directory, code);
        assert!(matches!(&disk, StoreError::Disk(error) if error.kind() == io::ErrorKind::NotADirectory));
        assert!(matches!(after(write_only, code), StoreError::Database(_)), "SQLite's own error says more");
    }
    assert!(matches!(after(no_file, ffi::SQLITE_CANTOPEN), StoreError::Disk(_)));
    let stale = after(no_file, ffi::SQLITE_IOERR_WRITE);
    assert!(matches!(stale, StoreError::Database(_)), "SQLite looks for optional files, too");
}

#[test]
fn full_disk_is_told_from_other_file_errors() {
    let path = Path::new("data");
    assert!(matches!(StoreError::directory(path, io::ErrorKind::StorageFull.into()), StoreError::Full));
    let other = StoreError::directory(path, io::ErrorKind::NotFound.into());
    assert!(matches!(other, StoreError::Directory { path: named, .. } if named == path));
}

#[test]
fn lock_error_names_its_database() {
    let directory = tempfile::tempdir().unwrap();
    let locked = StoreError::Locked.locked_in(directory.path());
    let database = directory.path().join(DATABASE);
    assert!(
        matches!(locked, StoreError::LockedBy { path, holder } if path == database && holder == Holder::default())
    );
    assert!(matches!(StoreError::Full.locked_in(directory.path()), StoreError::Full));
}
