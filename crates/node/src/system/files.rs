//! Opens files that another user may have planted, and creates private directories.
//!
//! Opening a FIFO blocks, a device may do anything, and a link may lead elsewhere. So files in a data directory are
//! checked before they are opened.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Error, ErrorKind, Read};
use std::path::Path;

use crate::system::private_file;

/// Whether a path may be a symbolic link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// It may: a file that is only read may lie elsewhere, such as a mounted secret.
    Followed,
    /// It may not: a file that is written or locked must be the file itself.
    Refused,
}

/// Checks that a path is a regular file, without opening it; `None` if nothing is there.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] with a message for anything else, including a dangling link.
pub fn check_regular(path: &Path, links: Links) -> io::Result<Option<Metadata>> {
    let entry = match fs::symlink_metadata(path) {
        Ok(entry) => entry,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let entry = match (entry.is_symlink(), links) {
        (true, Links::Followed) => fs::metadata(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => refusal("is a symbolic link to nothing"),
            _ => error,
        })?,
        _ => entry,
    };
    if entry.is_file() { Ok(Some(entry)) } else { Err(refusal(kind(&entry))) }
}

/// Opens a regular file; `options` may create it with mode 0600. Never blocks, and truncates only if asked to.
///
/// # Errors
///
/// The error of [`check_regular`] or of the system.
pub fn open_regular(path: &Path, options: &mut OpenOptions, links: Links) -> io::Result<File> {
    check_regular(path, links)?;
    // The file may be replaced between check and open: do not block on a FIFO, and follow a link only if that is allowed.
    guard(options, links);
    let file = options.open(path)?;
    let opened = file.metadata()?;
    if opened.is_file() { Ok(file) } else { Err(refusal(kind(&opened))) }
}

/// Reads a regular file that is no link, up to a number of bytes; `None` if nothing is there.
///
/// # Errors
///
/// The error of [`open_regular`] or of the system.
pub fn read_up_to(path: &Path, bytes: u64) -> io::Result<Option<Vec<u8>>> {
    if check_regular(path, Links::Refused)?.is_none() {
        return Ok(None);
    }
    let file = open_regular(path, OpenOptions::new().read(true), Links::Refused)?;
    let mut content = Vec::new();
    file.take(bytes).read_to_end(&mut content)?;
    Ok(Some(content))
}

/// Fills `bytes` from an offset of a file, with one system call where possible.
///
/// # Errors
///
/// The system's error; [`ErrorKind::UnexpectedEof`] if the file is too short.
pub fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset);
    #[cfg(not(unix))]
    {
        use std::io::{Read, Seek};
        let mut file = file;
        file.seek(io::SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }
}

/// Creates a directory that only its owner can access. Parents get the usual permissions. An existing directory is
/// not changed.
///
/// # Errors
///
/// What is in the way, or the system's error.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parents = path.parent().map_or(Ok(()), fs::create_dir_all);
    match parents.and_then(|()| private_directory().create(path)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(in_the_way(path).unwrap_or(error)),
        Ok(()) => Ok(()),
    }
}

/// Whether a directory exists and is empty.
pub fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}

/// Keeps a directory out of git: a wallet must not end up in a repository.
pub fn keep_out_of_git(directory: &Path) {
    let text = "# Made by the node: nothing here belongs in a repository, the wallet least of all.\n*\n";
    // Ignore errors: the node works without the file.
    let _ = private_file::create(&directory.join(".gitignore"), text.as_bytes());
}

/// The part of a path that exists and is not a directory.
fn in_the_way(path: &Path) -> Option<Error> {
    let is_other = |part: &&Path| fs::metadata(part).is_ok_and(|found| !found.is_dir());
    let part = path.ancestors().find(is_other)?;
    let what = kind(&fs::metadata(part).ok()?);
    let name = if part == path { "it".to_owned() } else { part.display().to_string() };
    Some(Error::new(ErrorKind::InvalidInput, format!("{name} {what}, not a directory")))
}

/// Whether an open file is the one at a path.
#[cfg(unix)]
pub fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |found: Metadata| (found.dev(), found.ino());
    let (Ok(open), Ok(named)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    identity(open) == identity(named)
}

/// Assumes that the file is the one at a path, if there is one: there is no portable check.
#[cfg(not(unix))]
pub fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(unix)]
fn guard(options: &mut OpenOptions, links: Links) {
    use std::os::unix::fs::OpenOptionsExt;
    let no_links = if links == Links::Refused { libc::O_NOFOLLOW } else { 0 };
    options.mode(0o600).custom_flags(libc::O_NONBLOCK | no_links);
}

#[cfg(not(unix))]
fn guard(_: &mut OpenOptions, _: Links) {}

#[cfg(unix)]
fn private_directory() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private_directory() -> DirBuilder {
    DirBuilder::new()
}

/// Permissions of a private directory; `None` where the system has none.
pub fn private_permissions() -> Option<Permissions> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    #[cfg(not(unix))]
    None
}

fn refusal(what: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("it {what}, not an ordinary file; move it away"))
}

#[cfg(unix)]
fn kind(entry: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = entry.file_type();
    match () {
        () if kind.is_file() => "is a file",
        () if kind.is_dir() => "is a directory",
        () if kind.is_symlink() => "is a symbolic link",
        () if kind.is_fifo() => "is a named pipe",
        () if kind.is_socket() => "is a socket",
        () => "is a device",
    }
}

#[cfg(not(unix))]
fn kind(entry: &Metadata) -> &'static str {
    match () {
        () if entry.is_file() => "is a file",
        () if entry.is_dir() => "is a directory",
        () => "is a link",
    }
}
