//! Generates a key into a file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;
use wallet::Wallet;

use crate::failure::Failure;
use crate::key::check_name;

/// Generates a key into a file that only its owner can read. The file appears complete and flushed, or not at all.
/// An existing file is not touched.
pub(crate) fn make(path: &Path) -> Result<Wallet, Failure> {
    check_name(path)?;
    let name = path.display().to_string();
    // An early check, since generating takes a moment; `persist_noclobber` decides.
    if path.symlink_metadata().is_ok() {
        return Err(Failure::Exists(name));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.is_dir() {
        return Err(Failure::NoDirectory(name, directory.display().to_string()));
    }
    let wallet = Wallet::generate()?;
    write(path, directory, wallet.to_pem().as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::Exists(name.clone()),
        _ => Failure::Unwritable(name.clone(), error),
    })?;
    let _ = writeln!(
        io::stderr(),
        "note: {name} is the only copy of this key; whoever has it can spend your money; keep it safe"
    );
    Ok(wallet)
}

fn write(path: &Path, directory: &Path, content: &[u8]) -> io::Result<()> {
    // Temporary files have mode 0600.
    let mut file = NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    sync_directory(directory)
}

/// Makes the file's name as durable as its content.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
