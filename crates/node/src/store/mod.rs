//! The ledger on disk: one SQLite file in a directory that one process at a time may use.
//!
//! Each room uses only those before it. All but the last hold only types, and functions on a connection.
//!
//! 1. `names`: what the files of that directory are called
//! 2. `errors`: what can go wrong, in words with the way out
//! 3. `layout`: the tables, and the marks and seals by which a start knows that files belong together
//! 4. `log`: the write-ahead log, and whether the open files are still ours
//! 5. `directory`: the data directory, before and while it is used
//! 6. `index`: which payments concern an address
//! 7. `chain`: our blocks, and those of a chain that may become ours
//! 8. `audit`: whether what is stored was changed
//! 9. `accounts`: the payments of an address, and what they add up to
//! 10. `tables`: the small tables: waiting payments, neighbours, the wallet
//! 11. `readers`: connections for readers, who never wait for the writer
//! 12. `writing`: the one connection that writes; each change is a transaction

mod accounts;
pub(crate) mod audit;
mod chain;
mod directory;
mod errors;
mod index;
mod layout;
mod log;
mod names;
mod readers;
mod tables;
#[cfg(test)]
pub(crate) mod testing;
mod writing;

pub use accounts::{Tallies, WalletCache};
pub(crate) use accounts::{Wallet, account};
pub(crate) use audit::Scope;
pub use chain::{Adoption, Batch, ReadyBatch, Stage};
pub(crate) use chain::{Confirmed, Discards, SignatureSource, blocks, common, pages, signatures, staging};
pub(crate) use directory::Space;
pub use directory::{DataDir, MissingLog};
pub use errors::{Displaced, Finding, Holder, StoreError};
pub(crate) use index::{Keys, SEGMENT};
pub(crate) use layout::seal;
pub(crate) use log::{FileWatch, LedgerState};
pub use readers::Readers;
pub(crate) use tables::peers::{add as add_peers, remove as remove_peer};
pub(crate) use tables::pool::{
    add as add_payment, remove as remove_payments, remove_up_to as remove_payments_up_to,
};
pub(crate) use tables::wallet;
pub use writing::Store;
