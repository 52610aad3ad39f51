//! Which directories and files stay, and which are removed.

use std::os::unix::fs::symlink;
use std::time::SystemTime;

use super::*;
use crate::store::names::DATABASE;

#[test]
fn unkept_directory_is_removed_with_its_parents() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("one").join("two");
    let taken = DataDir::take(&path).unwrap();
    assert!(matches!(DataDir::take(&path), Err(StoreError::InUse(used)) if used == path));
    assert!(!taken.had_ledger());
    fs::write(path.join(DATABASE), "new").unwrap();
    drop(taken);
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
}

#[test]
fn existing_files_stay() {
    let directory = tempfile::tempdir().unwrap();
    drop(DataDir::take(directory.path()).unwrap());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    for name in [LOCK, DATABASE] {
        fs::write(directory.path().join(name), "old").unwrap();
    }
    let taken = DataDir::take(directory.path()).unwrap();
    assert!(taken.had_ledger());
    drop(taken);
    for name in [LOCK, DATABASE] {
        assert_eq!(fs::read_to_string(directory.path().join(name)).unwrap(), "old");
    }
}

#[test]
fn lock_must_be_a_file() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join(LOCK)).unwrap();
    assert!(matches!(DataDir::take(directory.path()), Err(StoreError::File { .. })));
}

#[test]
fn only_a_new_directory_is_kept_out_of_git() {
    let ignored = |directory: &Path| directory.join(".gitignore").exists();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new");
    let taken = DataDir::take(&path).unwrap();
    taken.keep();
    drop(taken);
    assert!(ignored(&path));
    fs::remove_file(path.join(".gitignore")).unwrap();
    DataDir::take(&path).unwrap().keep();
    assert!(!ignored(&path), "the directory has a lock file");
    let temporary = DataDir::temporary().unwrap();
    temporary.keep();
    assert!(!ignored(temporary.path()));
}

#[test]
fn temporary_directory_is_private_and_removed() {
    use std::os::unix::fs::PermissionsExt;
    let temporary = DataDir::temporary().unwrap();
    let path = temporary.path().to_owned();
    assert!(temporary.is_temporary());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    temporary.keep();
    drop(temporary);
    assert!(!path.exists());
    let directory = tempfile::tempdir().unwrap();
    assert!(!DataDir::take(directory.path()).unwrap().is_temporary());
}

#[test]
fn missing_log_is_refused_unless_accepted() {
    let directory = tempfile::tempdir().unwrap();
    let taken = DataDir::take(directory.path()).unwrap();
    assert_eq!(taken.missing_log(), MissingLog::Refused);
    assert_eq!(taken.with_missing_log(MissingLog::Accepted).missing_log(), MissingLog::Accepted);
}

#[test]
fn only_old_unlocked_directories_of_nodes_are_swept() {
    let parent = tempfile::tempdir().unwrap();
    let made = |name: &str, age: Duration| {
        let path = parent.path().join(name);
        fs::create_dir(&path).unwrap();
        let lock = File::create(path.join(LOCK)).unwrap();
        lock.set_modified(SystemTime::now() - age).unwrap();
        lock
    };
    let old = 2 * ABANDONED_AFTER;
    made("ledger-node-old", old);
    made("ledger-node-young", Duration::ZERO);
    made("other-old", old);
    let locked = made("ledger-node-used", old);
    locked.lock().unwrap();
    fs::create_dir(parent.path().join("ledger-node-without")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join(LOCK), "").unwrap();
    let target = File::open(elsewhere.path().join(LOCK)).unwrap();
    target.set_modified(SystemTime::now() - old).unwrap();
    symlink(elsewhere.path(), parent.path().join("ledger-node-link")).unwrap();

    sweep(parent.path(), parent.path());
    let mut left: Vec<_> =
        fs::read_dir(parent.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    let young_used_or_others =
        ["ledger-node-link", "ledger-node-used", "ledger-node-without", "ledger-node-young", "other-old"];
    assert_eq!(left, young_used_or_others);
    assert!(elsewhere.path().join(LOCK).exists());
}
