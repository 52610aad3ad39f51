//! Opening files that somebody else may have put there, and directories that nobody else may read.
//!
//! A FIFO keeps whoever opens it waiting, a device may do anything, and a link leads to a file that is not meant. So
//! what lies in a data directory is looked at before it is opened.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Error, ErrorKind};
use std::path::Path;

use crate::system::private_file;

/// Whether a name may be a symbolic link to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// It may: what is only read may lie elsewhere, as a mounted secret does.
    Followed,
    /// It may not: what is written or locked is the file itself.
    Refused,
}

/// Checks that a path names an ordinary file, without opening it; `None` if there is nothing.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] with a sentence for anything else, a link to nothing included.
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

/// Opens an ordinary file, which `options` may create with mode 0600. Never waits, and never truncates unasked.
///
/// # Errors
///
/// What [`check_regular`] or the system says.
pub fn open_regular(path: &Path, options: &mut OpenOptions, links: Links) -> io::Result<File> {
    check_regular(path, links)?;
    // Somebody may put another file there meanwhile: that one is neither waited for nor followed.
    guard(options, links);
    let file = options.open(path)?;
    let opened = file.metadata()?;
    if opened.is_file() { Ok(file) } else { Err(refusal(kind(&opened))) }
}

/// Reads all of `bytes` at a place of a file, as one call of the system where there is such a call.
///
/// # Errors
///
/// What the system says; [`ErrorKind::UnexpectedEof`] if the file has fewer.
pub fn read_exact_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, bytes, place);
    #[cfg(not(unix))]
    {
        use std::io::{Read, Seek};
        let mut file = file;
        file.seek(io::SeekFrom::Start(place))?;
        file.read_exact(bytes)
    }
}

/// Makes a directory that only its owner can use, and its parents as usual; one that is there stays as it is.
///
/// # Errors
///
/// What stands in its place, or what the system says.
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

/// Whether there is a directory with nothing in it.
pub fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}

/// Keeps a directory and all in it out of git: a wallet must not get into a repository by accident.
pub fn keep_out_of_git(directory: &Path) {
    let text = "# Made by the node: nothing here belongs in a repository, the wallet least of all.\n*\n";
    // A node is as good without it.
    let _ = private_file::create(&directory.join(".gitignore"), text.as_bytes());
}

/// What is no directory, though it or something in it should become one.
fn in_the_way(path: &Path) -> Option<Error> {
    let is_other = |part: &&Path| fs::metadata(part).is_ok_and(|found| !found.is_dir());
    let part = path.ancestors().find(is_other)?;
    let what = kind(&fs::metadata(part).ok()?);
    let name = if part == path { "it".to_owned() } else { part.display().to_string() };
    Some(Error::new(ErrorKind::InvalidInput, format!("{name} {what}, not a directory")))
}

/// Whether an open file is the one that a path names.
#[cfg(unix)]
pub fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |found: Metadata| (found.dev(), found.ino());
    let (Ok(open), Ok(named)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    place(open) == place(named)
}

/// Whether an open file is the one that a path names: where nobody tells, it is there.
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

/// The permissions of a private directory, for those who make it themselves; `None` where there are none.
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
