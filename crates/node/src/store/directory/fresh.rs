//! Tracks what was created in a directory, and removes it when a start is refused or an import fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::names::{DATABASE, INCOMPLETE, LAST};

/// Suffixes of the database's files.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Files and directories that did not exist before. Dropping this removes them, unless they are kept.
#[derive(Debug)]
pub(crate) struct Fresh {
    directories: Vec<PathBuf>,
    files: Vec<PathBuf>,
    had_ledger: bool,
    is_kept: AtomicBool,
}

impl Fresh {
    /// Records which directories up to this one are missing.
    pub(crate) fn before(directory: &Path) -> Self {
        let missing = |path: &&Path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err();
        let directories = directory.ancestors().take_while(missing).map(Path::to_owned).collect();
        Self { directories, files: Vec::new(), had_ledger: false, is_kept: AtomicBool::default() }
    }

    /// Records `made`, the lock file if we created it, and which of the database's files are missing. If there is a
    /// database, none of its files is ours to remove. Call it when the directory is locked.
    pub(crate) fn watch(&mut self, directory: &Path, made: Option<PathBuf>) {
        let is_missing = |path: &PathBuf| fs::symlink_metadata(path).is_err();
        self.files.extend(made);
        self.had_ledger = !is_missing(&directory.join(DATABASE));
        if !self.had_ledger {
            let of_database = SUFFIXES.map(|suffix| format!("{DATABASE}{suffix}"));
            let names = of_database.iter().map(String::as_str).chain([INCOMPLETE, LAST]);
            self.files.extend(names.map(|name| directory.join(name)).filter(is_missing));
        }
    }

    /// Whether there was a database.
    pub(crate) fn had_ledger(&self) -> bool {
        self.had_ledger
    }

    /// Keeps everything.
    pub(crate) fn keep(&self) {
        self.is_kept.store(true, Ordering::Relaxed);
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if *self.is_kept.get_mut() {
            return;
        }
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        // Fails if another program already uses the directory: then it is not empty.
        for directory in &self.directories {
            let _ = fs::remove_dir(directory);
        }
    }
}
