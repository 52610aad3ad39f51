//! What happened to an open file, and what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::system::disk_error::plain;

/// A file of the data directory that is no longer the one the node has open.
///
/// The node still has the old file open and can read it, so its data can be rescued.
#[derive(Clone, Debug)]
pub struct Displaced {
    /// The absolute path.
    pub(crate) path: PathBuf,
    /// What is there now.
    pub(crate) now: Now,
}

/// What is at the path of an open file.
#[derive(Clone, Debug)]
pub(crate) enum Now {
    /// Nothing.
    Nothing,
    /// Another file.
    Another,
    /// The file, overwritten by another program.
    Overwritten,
    /// The database, changed by another program through SQLite.
    Changed,
    /// Unknown: the directory cannot be reached.
    Unreachable(Arc<io::Error>),
}

impl Displaced {
    /// Whether both describe the same situation.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.path == other.path && std::mem::discriminant(&self.now) == std::mem::discriminant(&other.now)
    }
}

impl Displaced {
    /// What to do about a file other than the database.
    fn about_a_companion(&self) -> Option<&'static str> {
        if matches!(self.now, Now::Unreachable(_) | Now::Overwritten) {
            return None;
        }
        match self.path.extension()?.to_str()? {
            "lock" => Some("Another node could start there, too: stop this one, and start it again"),
            "db-wal" | "db-shm" => Some(
                "Move it back, or restart the node, which writes what it has acknowledged to ledger.db when it stops; such a \
                 file belongs to ledger.db and must stay beside it",
            ),
            _ => None,
        }
    }
}

impl std::error::Error for Displaced {}

impl fmt::Display for Displaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, now } = self;
        let path = path.display();
        if let Some(words) = self.about_a_companion() {
            return write!(
                f,
                "{path} was removed or replaced while the node was running: the node accepts no more changes. {words}"
            );
        }
        match now {
            Now::Nothing => write!(
                f,
                "{path} was removed or moved while the node was running: the node accepts no more changes. If it was moved, move it \
                 back. If it is lost, the node can still read it: save the chain (curl …/chain > backup.json) \
                 and the wallet's key (/secret), stop the node, and run `node import backup.json` there"
            ),
            Now::Another => write!(
                f,
                "{path} was replaced by another file while the node was running: the node accepts no more changes, and the new file \
                 is left alone. To use the new one, stop the node, move ledger.db-wal and ledger.db-shm away unless \
                 they came with it, and start again. To keep the old chain, save it first (curl …/chain > backup.json)"
            ),
            Now::Overwritten => write!(
                f,
                "{path} was overwritten by another program while the node was running: the node accepts no more changes, and what is \
                 there now is left alone. To restore a backup, stop the node, put ledger.db there without \
                 the ledger.db-wal and ledger.db-shm that are there now, and start again"
            ),
            Now::Changed => write!(
                f,
                "{path} was changed by another program while the node was running: the node accepts no more changes, since its last \
                 block, waiting payments or neighbours are no longer those that the node has acknowledged. Stop the \
                 node and start it again, which checks what is there now. To restore a backup, stop the node first"
            ),
            Now::Unreachable(error) => write!(
                f,
                "{path} cannot be reached any more: {}; the node accepts no more changes until it is back",
                plain(error)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn displaced(name: &str, now: Now) -> Displaced {
        Displaced { path: PathBuf::from("data").join(name), now }
    }

    #[test]
    fn each_file_and_state_has_its_own_way_out() {
        let unreachable = || Now::Unreachable(Arc::new(io::ErrorKind::NotFound.into()));
        for (name, now, words) in [
            ("node.lock", Now::Nothing, "Another node could start there"),
            ("node.lock", Now::Another, "Another node could start there"),
            ("ledger.db-wal", Now::Another, "Move it back, or"),
            ("ledger.db-shm", Now::Nothing, "Move it back, or"),
            ("ledger.db-wal", Now::Overwritten, "was overwritten by another program"),
            ("node.lock", unreachable(), "cannot be reached any more"),
            ("ledger.db", Now::Nothing, "was removed or moved"),
            ("ledger.db", Now::Another, "was replaced by another file"),
            ("ledger.db", Now::Overwritten, "was overwritten by another program"),
            ("ledger.db", Now::Changed, "was changed by another program"),
            ("ledger.db", unreachable(), "cannot be reached any more"),
        ] {
            let text = displaced(name, now).to_string();
            assert!(text.starts_with(&format!("data/{name} ")) && text.contains(words), "{text}");
        }
    }

    #[test]
    fn same_file_in_the_same_state_is_alike() {
        let lost = displaced("ledger.db", Now::Nothing);
        assert!(lost.is_like(&lost.clone()));
        assert!(!lost.is_like(&displaced("node.lock", Now::Nothing)));
        assert!(!lost.is_like(&displaced("ledger.db", Now::Another)));
    }
}
