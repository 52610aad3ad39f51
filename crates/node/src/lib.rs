//! A node of a small proof-of-work ledger, as a library: `main` only reads the command line and calls it.
//!
//! The rules are `ledger-core`'s and the keys are `wallet`'s; the node owns time, disk, network and threads,
//! and decides no rule itself. In which order to read:
//!
//! 1. [`run`]: from settings to a server.
//! 2. [`server`], [`api`] and [`access`]: what is answered to whom; [`node`]: what all handlers share; [`cached`]: answers that
//!    can be given again; [`http`]: what a client may cost.
//! 3. [`payments`]: how signatures are checked.
//! 4. [`ledger`]: one writer, many readers; [`events`]: what it tells of its changes; [`journal`]: what the log says of them.
//! 5. [`store`]: what is on disk; [`files`]: how files are opened.
//! 6. [`check`]: whether it is what was written.
//! 7. [`miner`] and [`peers`]: where new blocks come from.
//! 8. [`text`]: encodings, and what people take for JSON by mistake.
//! 9. [`commands`]: what the program does beside serving.

#![warn(clippy::unwrap_used)]

pub mod access;
pub mod allocator;
pub mod api;
pub mod cached;
pub mod check;
pub mod cli;
pub mod clock;
pub mod commands;
mod disk_error;
pub mod events;
pub mod files;
pub mod http;
pub mod inventory;
pub mod journal;
pub mod ledger;
pub mod listening;
pub mod miner;
pub mod node;
pub mod owner;
pub mod payments;
pub mod peers;
mod private_file;
pub mod run;
pub mod server;
pub mod settings;
pub mod signals;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod wallet_file;
