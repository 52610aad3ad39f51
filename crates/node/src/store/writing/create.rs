//! A new database: made under another name, and in its place only when it is complete.

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

/// Makes a database with a genesis. A killed process leaves either all of it or none, so an empty `ledger.db` is never a
/// first start's.
pub(crate) fn create(directory: &Path, genesis: &CheckedBlock<'_>) -> Result<Condition, StoreError> {
    let failed = |error| StoreError::Directory { path: directory.to_owned(), error };
    let path = directory.join(INCOMPLETE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(StoreError::File { path, error }),
        _ => {}
    }
    // Made here and not by SQLite, so that nobody else can read it. The files beside it get its permissions.
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

/// Makes a new name durable.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> std::io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> std::io::Result<()> {
    Ok(())
}
