//! The wallet's private key in a file that only its owner may read.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use wallet::{GenerateError, KeyError, Wallet};
use zeroize::Zeroizing;

/// More than any key needs.
const MAX_FILE: u64 = 64 << 10;

/// Why there is no wallet.
#[derive(Debug, thiserror::Error)]
pub enum WalletFileError {
    /// The file cannot be read.
    #[error("cannot read the wallet {path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file holds no usable key.
    #[error("the wallet {path} is not usable: {error}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: KeyError,
    },
    /// No key could be made.
    #[error("cannot make a wallet: {0}")]
    Generate(#[from] GenerateError),
    /// The new key cannot be written.
    #[error("cannot write the new wallet {path}: {error}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

/// Reads a wallet from a file that must be there.
///
/// # Errors
///
/// [`WalletFileError::Read`] or [`WalletFileError::Key`].
pub fn read(path: &Path) -> Result<Wallet, WalletFileError> {
    let failed = |error| WalletFileError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    let mut pem = Zeroizing::new(String::new());
    file.take(MAX_FILE).read_to_string(&mut pem).map_err(failed)?;
    warn_if_readable(path);
    Wallet::from_pem(&pem).map_err(|error| WalletFileError::Key { path: path.to_owned(), error })
}

/// Reads a wallet from a file, or makes one there: a file of mode 0600 that is complete or not there at all.
///
/// # Errors
///
/// [`WalletFileError`].
pub fn read_or_create(path: &Path) -> Result<Wallet, WalletFileError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let wallet = Wallet::generate()?;
            write(path, &wallet.to_pem())
                .map_err(|error| WalletFileError::Write { path: path.to_owned(), error })?;
            Ok(wallet)
        }
        _ => read(path),
    }
}

fn write(path: &Path, pem: &str) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // A temporary file is made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(pem.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(directory)?.sync_all()
}

#[cfg(unix)]
fn warn_if_readable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
        tracing::warn!("the wallet {} can be read by others; run: chmod 600 {0}", path.display());
    }
}

#[cfg(not(unix))]
fn warn_if_readable(_: &Path) {}
