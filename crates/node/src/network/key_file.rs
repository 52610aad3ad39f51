//! The key that identifies this node to peers, in a file that only its owner may read.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use p2p::Identity;
use zeroize::Zeroizing;

use crate::system::disk_error::plain;
use crate::system::files::{self, Links};
use crate::system::private_file;

/// File name of the key in the data directory.
const FILE: &str = "network-key";

/// Hex digits of a key.
const DIGITS: usize = 64;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read.
    #[error("cannot read the network key {path}: {}", plain(error))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// Others may read the file.
    #[error("the network key {path}: its mode is {mode:o}, so others may read it; run chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file holds no key.
    #[error(
        "the network key {0} is damaged: expected {DIGITS} lower-case hex digits; restore it, or move it away for a new one, \
         which gives the node a new peer id"
    )]
    Damaged(PathBuf),
    /// A new key cannot be written.
    #[error("cannot write a new network key {path}: {}", plain(error))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

/// Reads the key in a data directory, if there is one.
///
/// # Errors
///
/// [`KeyFileError`] if the file cannot be used.
pub fn find(directory: &Path) -> Result<Option<Identity>, KeyFileError> {
    let path = directory.join(FILE);
    let failed = |error| KeyFileError::Read { path: path.clone(), error };
    if files::check_regular(&path, Links::Followed).map_err(failed)?.is_none() {
        return Ok(None);
    }
    let file = files::open_regular(&path, OpenOptions::new().read(true), Links::Followed).map_err(failed)?;
    check_private(&path, &file)?;
    let mut text = Zeroizing::new(Vec::with_capacity(DIGITS + 2));
    file.take(DIGITS as u64 + 2).read_to_end(&mut text).map_err(failed)?;
    parse(&text).map(Some).ok_or(KeyFileError::Damaged(path))
}

/// Creates a key in a file of mode 0600. The file appears complete or not at all.
///
/// # Errors
///
/// [`KeyFileError::Write`].
pub fn create(directory: &Path) -> Result<Identity, KeyFileError> {
    let path = directory.join(FILE);
    let identity = Identity::generate();
    let secret = Zeroizing::new(identity.to_bytes());
    let mut line = Zeroizing::new([b'\n'; DIGITS + 1]);
    base16ct::lower::encode(&*secret, &mut line[..DIGITS]).expect("two digits for each byte");
    private_file::create(&path, &*line).map_err(|error| KeyFileError::Write { path, error })?;
    Ok(identity)
}

fn parse(text: &[u8]) -> Option<Identity> {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    let mut secret = Zeroizing::new([0; DIGITS / 2]);
    let decoded = base16ct::lower::decode(line, &mut *secret).ok()?;
    (decoded.len() == DIGITS / 2).then(|| Identity::from_bytes(&mut *secret).ok())?
}

#[cfg(unix)]
fn check_private(path: &Path, file: &File) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt;
    let found = file.metadata().map_err(|error| KeyFileError::Read { path: path.to_owned(), error })?;
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::Exposed { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_private(_: &Path, _: &File) -> Result<(), KeyFileError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_reads_back() {
        let directory = tempfile::tempdir().unwrap();
        assert!(find(directory.path()).unwrap().is_none());
        let made = create(directory.path()).unwrap();
        let found = find(directory.path()).unwrap().unwrap();
        assert_eq!(found.peer_id(), made.peer_id());
        assert!(create(directory.path()).is_err(), "a key is never replaced");
    }

    #[test]
    fn texts_that_are_no_key_are_refused() {
        let digits = "0123456789abcdef".repeat(4);
        assert!(parse(digits.as_bytes()).is_some());
        for text in
            ["", "\n", &digits[..63], &digits.to_uppercase(), &format!("{digits}0"), &format!("{digits}\n\n")]
        {
            assert!(parse(text.as_bytes()).is_none(), "{text:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        create(directory.path()).unwrap();
        let set_mode = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(directory.path().join(FILE), permissions).unwrap();
        };
        for mode in [0o640, 0o604, 0o620] {
            set_mode(mode);
            let refusal = find(directory.path()).err().unwrap();
            assert!(
                matches!(refusal, KeyFileError::Exposed { mode: found, .. } if found == mode),
                "{refusal}"
            );
        }
        set_mode(0o700);
        assert!(find(directory.path()).unwrap().is_some());
    }
}
