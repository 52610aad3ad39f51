//! The one connection that writes. All below it are plain functions, which it runs as transactions.
//!
//! 1. `store`: the connection, and how it is opened
//! 2. `create`: a new database
//! 3. `in_use`: taking a database into use and giving it back
//! 4. `commit`: changes, each a transaction; and the end
//! 5. `chain`, `stages`, `tables`: the changes by name
//! 6. `discards`: removing what nobody needs, in the writer's pauses

mod chain;
mod commit;
mod create;
mod discards;
mod in_use;
mod stages;
mod store;
mod tables;

pub use store::Store;
