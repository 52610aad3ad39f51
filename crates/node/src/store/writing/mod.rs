//! The one connection that writes. It runs functions of the other rooms as transactions.
//!
//! 1. `store`: the connection, and how it is opened
//! 2. `create`: a new database
//! 3. `in_use`: the mark that shows whether a database is in use
//! 4. `commit`: commits changes and closes the database
//! 5. `chain`, `stages`, `tables`: the changes by name
//! 6. `discards`: removes unused tables between the writer's other tasks

mod chain;
mod commit;
mod create;
mod discards;
mod in_use;
mod stages;
mod store;
mod tables;

pub use store::Store;

#[cfg(test)]
mod tests;
