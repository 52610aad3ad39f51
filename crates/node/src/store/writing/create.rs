//! Creates a database under another name and renames it when it is complete.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use ledger_core::seam::CheckedBlock;
use rusqlite::Connection;

use crate::store::chain::Batch;
use crate::store::directory::Condition;
use crate::store::errors::StoreError;
use crate::store::index::Keys;
use crate::store::layout::{Mark, Sealed, schema};
use crate::store::names::{DATABASE, INCOMPLETE};
use crate::system::files::{self, Links};

/// Creates a database with a genesis. A killed process leaves all of it or nothing, so an empty `ledger.db` never comes
/// from a first start.
pub(crate) fn create(directory: &Path, genesis: &CheckedBlock<'_>) -> Result<Condition, StoreError> {
    let failed = |error| StoreError::Directory { path: directory.to_owned(), error };
    let path = directory.join(INCOMPLETE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(StoreError::File { path, error }),
        _ => {}
    }
    // Create the file here, not in SQLite, so that only its owner can read it. SQLite's other files inherit that.
    let mut options = OpenOptions::new();
    let file = files::open_regular(&path, options.write(true).create_new(true), Links::Refused);
    let file = file.map_err(failed)?;
    let mark = fill(&path, genesis)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&path, directory.join(DATABASE)).map_err(failed)?;
    sync_directory(directory).map_err(failed)?;
    Ok(Condition { mark, is_logged: false, has_log: false })
}

fn fill(path: &Path, genesis: &CheckedBlock<'_>) -> Result<Mark, StoreError> {
    let mut connection = Connection::open(path)?;
    schema::create(&mut connection)?;
    if genesis.saved().is_some() {
        schema::add_states(&connection)?;
    }
    let mut batch = Batch::default();
    batch.add(genesis, &mut Keys::default());
    batch.ready().append(&connection)?;
    Sealed::Peers.renew(&connection)?;
    Sealed::Pool.renew(&connection)?;
    let mark = Mark::read(&connection)?;
    connection.close().map(|()| mark).map_err(|(_, error)| error.into())
}

/// Flushes a directory, which makes a rename durable.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> std::io::Result<()> {
    Ok(())
}
