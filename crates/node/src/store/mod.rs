//! The ledger on disk: one SQLite file in a directory that one process at a time may use.
//!
//! - `names`: what the files of that directory are called
//! - `errors`: what can go wrong, in words with the way out
//! - `layout`: the tables, and the marks and seals by which a start knows that they belong together
//! - `log`: the write-ahead log, and whether the files that are open are still ours
//! - `directory`: the data directory, before and while it is used
//! - `index`: which payments concern an address
//! - `chain`: blocks: ours, and those of a chain that may become ours
//! - `audit`: whether what is stored was changed
//! - `accounts`: the payments of an address, and what they add up to
//! - `tables`: the small tables
//! - `writing`: the one connection that writes; a new database; changes, each a transaction
//! - `readers`: connections for readers, who never wait for the writer

mod accounts;
pub(crate) mod audit;
mod chain;
mod directory;
mod errors;
mod index;
mod layout;
mod log;
mod names;
pub(crate) mod readers;
mod tables;
mod writing;

pub use accounts::Tallies;
pub(crate) use accounts::account;
pub(crate) use audit::Scope;
pub use chain::{Adoption, Batch, ReadyBatch, Stage};
pub(crate) use chain::{Confirmed, Discards, Kept, blocks, common, pages, signatures, staging};
pub(crate) use directory::Space;
pub use directory::{MissingLog, Place};
pub use errors::{Displaced, Finding, Holder, StoreError};
pub(crate) use index::{Keys, SEGMENT};
pub(crate) use layout::seal;
pub(crate) use log::{InMemory, Watch};
pub use readers::Readers;
pub(crate) use tables::peers::{add as add_peers, remove as remove_peer};
pub(crate) use tables::pool::{
    add as add_payment, parse as parse_payment, remove as remove_payments,
    remove_up_to as remove_payments_up_to,
};
pub(crate) use tables::wallet as user;
pub use writing::Store;
