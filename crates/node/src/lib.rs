//! A node of a small proof-of-work ledger, as a library: `main` only reads the command line and calls it.
//!
//! The rules are `ledger-core`'s and the keys are `wallet`'s; the node owns time, disk, network and threads,
//! and decides no rule itself. In which order to read:
//!
//! 1. [`program`]: the command line; [`start`]: from settings to a server.
//! 2. [`server`], [`api`] and [`access`]: what is answered to whom; [`node`]: what all handlers share; [`cached`]: answers that
//!    can be given again; [`http`]: what a client may cost.
//! 3. [`payments`]: how signatures are checked.
//! 4. [`ledger`]: one writer, many readers; [`events`]: what it tells of its changes; [`listeners`]: who hears of them.
//! 5. [`store`]: what is on disk; [`system`]: what the machine gives.
//! 6. [`check`]: whether what is stored is what was written.
//! 7. [`miner`] and [`peers`]: where new blocks come from.
//! 8. [`text`]: encodings, and what people take for JSON by mistake.
//! 9. [`commands`]: what the program does beside serving.

#![warn(clippy::unwrap_used)]

pub mod access;
pub mod api;
pub mod cached;
pub mod check;
pub mod cli;
pub mod commands;
pub mod events;
pub mod http;
pub mod ledger;
pub mod listeners;
pub mod miner;
pub mod node;
pub mod payments;
pub mod peers;
mod program;
pub mod server;
pub mod settings;
pub mod start;
pub mod store;
pub mod system;
pub mod telemetry;
pub mod text;

pub use program::program;
