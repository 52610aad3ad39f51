//! Which program changed the files.

use std::io::Write as _;
use std::os::unix::fs::FileExt as _;

use super::*;
use crate::store::log::stat::Times;

/// Shared memory of a log with this many frames of 4096 bytes.
fn shared(salt: u8, frames: u32) -> [u8; ATTEMPTED.end] {
    let mut bytes = [0; ATTEMPTED.end];
    bytes[PAGE].copy_from_slice(&4096_u16.to_ne_bytes());
    bytes[FRAMES].copy_from_slice(&frames.to_ne_bytes());
    bytes[SALTS].fill(salt);
    bytes
}

#[test]
fn log_may_shrink_but_not_below_its_committed_frames() {
    let frame = 24 + 4096;
    let file = tempfile::NamedTempFile::new().unwrap();
    let memory = tempfile::NamedTempFile::new().unwrap();
    memory.as_file().write_all(&shared(1, 9)).unwrap();
    let database = FileStat::read(file.path(), Times::Wanted).unwrap();
    let log = |frames: u64| FileStat { length: 32 + frames * frame, ..database };
    let mut contents = Contents::begin(memory.path(), database).unwrap();
    assert_eq!(contents.compare((database, log(9))).unwrap(), Verdict::Ours);
    // The log restarts inside its old file, which SQLite then truncates.
    memory.as_file().write_all_at(&shared(2, 2), 0).unwrap();
    assert_eq!(contents.compare((database, log(9))).unwrap(), Verdict::Changed);
    let index = contents.index().unwrap();
    assert_eq!(contents.note(index, (database, log(9))).unwrap(), None);
    assert_eq!(contents.compare((database, log(2))).unwrap(), Verdict::Ours);
    // Somebody truncates committed frames.
    assert_eq!(contents.compare((database, log(1))).unwrap(), Verdict::Changed);
    assert_eq!(contents.note(index, (database, log(1))).unwrap(), Some(Foreign::Log));
    // A commit during the comparison makes it undecidable.
    memory.as_file().write_all_at(&shared(2, 3), 0).unwrap();
    assert_eq!(contents.note(index, (database, log(1))).unwrap(), None);
}

#[test]
fn writes_without_sqlite_are_foreign() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let memory = tempfile::NamedTempFile::new().unwrap();
    memory.as_file().write_all(&shared(1, 0)).unwrap();
    let database = FileStat::read(file.path(), Times::Wanted).unwrap();
    let mut contents = Contents::begin(memory.path(), database).unwrap();
    let empty = FileStat { length: 0, ..database };
    assert_eq!(contents.compare((database, empty)).unwrap(), Verdict::Ours, "a log without frames");
    let written = FileStat { changed: Some(std::time::SystemTime::UNIX_EPOCH), ..database };
    assert_eq!(contents.compare((written, empty)).unwrap(), Verdict::Foreign(Foreign::Database));
    assert_eq!(contents.compare((database, empty)).unwrap(), Verdict::Ours);
}

#[test]
fn writes_during_a_checkpoint_are_undecided() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let memory = tempfile::NamedTempFile::new().unwrap();
    let mut running = shared(1, 3);
    running[ATTEMPTED].copy_from_slice(&3_u32.to_ne_bytes());
    memory.as_file().write_all(&running).unwrap();
    let database = FileStat::read(file.path(), Times::Wanted).unwrap();
    let log = FileStat { length: 1 << 20, ..database };
    let mut contents = Contents::begin(memory.path(), database).unwrap();
    assert_eq!(contents.compare((database, log)).unwrap(), Verdict::Changed);
    running[CHECKPOINTED].copy_from_slice(&3_u32.to_ne_bytes());
    memory.as_file().write_all_at(&running, 0).unwrap();
    assert_eq!(contents.compare((database, log)).unwrap(), Verdict::Changed);
    let index = contents.index().unwrap();
    assert_eq!(contents.note(index, (database, log)).unwrap(), None);
    assert_eq!(contents.compare((database, log)).unwrap(), Verdict::Ours);
}

#[test]
fn commits_are_counted_and_checkpoints_noticed() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let memory = tempfile::NamedTempFile::new().unwrap();
    let mut bytes = shared(1, 3);
    memory.as_file().write_all(&bytes).unwrap();
    let database = FileStat::read(file.path(), Times::Wanted).unwrap();
    let contents = Contents::begin(memory.path(), database).unwrap();
    assert_eq!(contents.commits().unwrap(), (false, 0));
    bytes[COMMITS].copy_from_slice(&7_u32.to_ne_bytes());
    memory.as_file().write_all_at(&bytes, 0).unwrap();
    assert_eq!(contents.commits().unwrap(), (false, 7));
    bytes[ATTEMPTED].copy_from_slice(&3_u32.to_ne_bytes());
    memory.as_file().write_all_at(&bytes, 0).unwrap();
    assert_eq!(contents.commits().unwrap(), (true, 7));
}

#[test]
fn length_of_a_log_follows_from_its_frames_and_page_size() {
    let log = |page: u16, frames: u32| {
        let mut bytes = shared(1, frames);
        bytes[PAGE].copy_from_slice(&page.to_ne_bytes());
        WalIndex::of(&bytes).log()
    };
    assert_eq!(log(0x0102, 0), 0);
    assert_eq!(log(0x0102, 3), 32 + 3 * (24 + 0x0102));
    assert_eq!(log(1, 2), 32 + 2 * (24 + 65_536), "the greatest page size is stored as 1");
}
