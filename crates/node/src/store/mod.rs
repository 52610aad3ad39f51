//! The ledger on disk: one SQLite file in a directory that one process at a time may use.
//!
//! - `names`: what the files of that directory are called
//! - `place`, `fresh`: the directory, its lock, and what is removed again if it is not kept
//! - `look`, `condition`, `header`, `last`: what lies in the directory before anything is opened, and whether it belongs together
//! - `create`: a new database
//! - `mark`, `usage`, `in_use`: what the file says of its log, and of how its node stopped
//! - `schema`: the layout, and migrations from older ones
//! - `tables`, `blocks`, `pool`, `signatures`, `peers`: what is kept
//! - `batch`: blocks on their way to disk
//! - `entry`, `keys`, `payments`, `total`, `tally`, `account`: an index of the blocks by address, and what it is for
//! - `audit`, `walk`, `index_audit`, `lookup`, `digest`, `finding`: checking that nothing was changed
//! - `seal`, `tip_seal`: what the small tables and the last block were
//! - `commit`: changes, each a transaction
//! - `checkpoint`, `growth`: keeping the write-ahead log short
//! - `discard`: tables that nobody needs any more
//! - `common`: what a staged chain has in common with ours, copied for it
//! - `stage`, `staging`: a peer's chain, while nobody knows yet whether it will be ours
//! - `pages`: reading the blocks' texts in pages
//! - `user`: the wallet that the ledger is used with
//! - `places`: how many read at a time, and when none may begin
//! - `readers`: connections for readers, who never wait for the writer
//! - `watch`, `found`, `contents`, `displaced`: whether the files that are open are still those in the directory, only SQLite has
//!   written to them, and what if not
//! - `others`: what other programs changed through SQLite
//! - `lock`, `holder`: waiting for another program that holds a lock, and which one it is

pub(crate) mod account;
pub(crate) mod audit;
mod batch;
pub(crate) mod blocks;
mod checkpoint;
mod commit;
pub(crate) mod common;
mod condition;
mod contents;
mod create;
mod digest;
mod discard;
mod displaced;
mod entry;
mod error;
mod finding;
mod found;
mod fresh;
mod growth;
mod header;
mod holder;
mod in_use;
pub(crate) mod index_audit;
mod keys;
mod last;
mod lock;
mod look;
mod lookup;
mod mark;
mod names;
mod others;
pub(crate) mod pages;
pub(crate) mod payments;
mod peers;
mod place;
mod places;
mod pool;
pub(crate) mod readers;
mod rows;
mod schema;
pub(crate) mod seal;
pub(crate) mod signatures;
mod space;
mod stage;
pub(crate) mod staging;
mod tables;
mod tally;
mod tip_seal;
mod total;
mod usage;
pub(crate) mod user;
pub(crate) mod walk;
mod watch;

pub use batch::{Batch, ReadyBatch};
pub use condition::MissingLog;
pub(crate) use digest::Digest;
pub(crate) use discard::Discards;
pub use displaced::Displaced;
pub use error::StoreError;
pub use finding::Finding;
pub use holder::Holder;
pub(crate) use keys::Keys;
pub(crate) use others::InMemory;
pub(crate) use peers::{add as add_peers, remove as remove_peer};
pub use place::Place;
pub(crate) use pool::{
    add as add_payment, parse as parse_payment, remove as remove_payments,
    remove_up_to as remove_payments_up_to,
};
pub use readers::Readers;
pub(crate) use signatures::{Confirmed, Kept};
pub(crate) use space::Space;
pub use stage::{Adoption, Stage};
pub use tally::Tallies;
pub(crate) use watch::Watch;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

use ledger_core::EncodedBlock;
use places::Places;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use condition::{Condition, Found};
use discard::Discarded;
use lock::Patience;
use others::Others;
use seal::Sealed;
use usage::Usage;
use watch::Watching;

/// The connection that writes. There is one, so that changes have an order.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// How the database was found.
    found: Condition,
    /// What is kept beside it; none until it is in use.
    usage: Option<Usage>,
    /// Wakes the thread that flushes what is staged.
    flush: SyncSender<()>,
    /// Places for readers, whom that thread keeps out when the log is long.
    places: Arc<Places>,
    /// The thread that brings in the log, until the end.
    checkpoint: Option<JoinHandle<()>>,
    /// Tables that nobody needs any more.
    discarded: Discarded,
    /// Whether no change is taken any more.
    closed: Arc<AtomicBool>,
    pool_seal: PoolSeal,
    /// Whether the files are in their places, which every change asks.
    watch: Arc<Watch>,
    _watching: Watching,
    /// What other programs changed.
    others: Others,
    /// How long a change waits for another program.
    patience: Patience,
}

/// Whether the seal of the pool's table is there, which the first change removes and a clean stop makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PoolSeal {
    /// The database is not in use yet.
    Unknown,
    There,
    Removed,
}

impl Store {
    /// Opens the database of a directory; one that is not there is made, with a genesis.
    ///
    /// Until [`accept`](Self::accept) says that all is well, nothing in it is changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the file is not ours, of a newer version or damaged, or if what lies beside it does not belong to
    /// it; nothing is changed then.
    pub fn open(
        directory: &Path,
        missing_log: MissingLog,
        genesis: impl FnOnce() -> EncodedBlock,
    ) -> Result<Self, StoreError> {
        let found = match look::look(directory, missing_log)? {
            Found::Database(found) => found,
            Found::Nothing => create::create(directory, &genesis())?,
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(names::database(directory), flags)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let promised = last::promised(directory, &found, missing_log);
        schema::prepare_writer(&connection)?;
        promised.map_or(Ok(()), |promised| promised.check(&connection))?;
        let watch = Arc::<Watch>::default();
        let watching = Watching::start(directory, &watch)?;
        let places = Arc::<Places>::default();
        let (readers, files) = (Arc::clone(&places), Arc::clone(&watch));
        let checkpoint = Some(checkpoint::attach(&mut connection, directory, readers, files)?);
        let flush = checkpoint::start_flusher(directory)?;
        let (discarded, closed) = (Discarded::default(), Arc::default());
        let (pool_seal, patience) = (PoolSeal::Unknown, Patience::new(directory));
        let _watching = watching;
        Ok(Self {
            connection,
            found,
            usage: None,
            flush,
            places,
            checkpoint,
            discarded,
            closed,
            pool_seal,
            watch,
            _watching,
            others: Others::default(),
            patience,
        })
    }

    /// Connections for those who read beside this one.
    pub fn readers(&self, directory: &Path) -> Readers {
        Readers::beside(directory, Arc::clone(&self.places), Some(Arc::clone(&self.watch)))
    }

    /// Takes the database into use after its chain was checked: checks the small tables, and removes what a killed process
    /// left behind.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsealed`], or [`StoreError`] of the database.
    pub fn accept(&mut self, directory: &Path) -> Result<(), StoreError> {
        let pool_is_sealed = Sealed::Pool.check(&self.connection)?;
        let peers_are_sealed = Sealed::Peers.check(&self.connection)?;
        self.begin_log()?;
        // Of blocks that somebody cut off; the next ones would meet them.
        self.durably(|connection| {
            signatures::delete_after(connection, blocks::length(connection)?)?;
            tip_seal::make_up(connection)
        })?;
        self.drop_stages()?;
        if !peers_are_sealed {
            self.durably(|connection| Sealed::Peers.renew(connection))?;
        }
        self.mark_open(directory)?;
        self.pool_seal = if pool_is_sealed { PoolSeal::There } else { PoolSeal::Removed };
        Ok(())
    }

    /// Whether the files are in their places, without which no change is taken.
    pub(crate) fn watch(&self) -> Arc<Watch> {
        Arc::clone(&self.watch)
    }

    /// Compares with what is in memory when another program has changed the database.
    pub(crate) fn compare_with(&mut self, memory: impl Fn() -> InMemory + Send + 'static) {
        self.others.compare_with(memory);
    }

    /// Notes for the next start what is kept, if that waits to be noted.
    pub(crate) fn settle(&mut self) {
        if let Some(usage) = &mut self.usage {
            usage.settle(&self.connection);
        }
    }

    /// Reads with this connection, before the database is in use.
    pub(crate) fn reading<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        read(&self.connection)
    }

    /// Set it to true, and no change is taken any more: [`StoreError::Closed`].
    pub(crate) fn closed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.closed)
    }
}
