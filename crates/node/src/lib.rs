//! A node of a small proof-of-work ledger, as a library. `main` only calls it.
//!
//! `ledger-core` has the rules and `wallet` the keys. The node owns time, disk, network and threads, and decides no rule
//! itself. Read in this order:
//!
//! 1. [`program`]: the command line; [`start`]: from settings to a server.
//! 2. [`server`], [`api`] and [`access`]: the requests, and who may make them; [`node`]: what all handlers share; [`cached`]: responses
//!    kept until they are out of date; [`http`]: limits for clients; [`page`]: the files of the web page;
//!    [`lab`]: verdicts on the blocks of its lab.
//! 3. [`payments`]: verification of signatures.
//! 4. [`ledger`]: one writer, many readers; [`events`]: its changes; [`listeners`]: who hears of them; [`live`]:
//!    the live feed of web pages.
//! 5. [`store`]: the database; [`system`]: files, clock, threads and signals.
//! 6. [`check`]: whether stored data is what was written.
//! 7. [`miner`], [`peers`] and [`network`]: sources of new blocks.
//! 8. [`text`]: encodings, and files that are mistaken for JSON.
//! 9. [`metrics`]: figures for Prometheus.
//! 10. [`commands`]: what the program does beside serving.

#![warn(clippy::unwrap_used)]

pub mod access;
pub mod api;
pub mod cached;
pub mod check;
pub mod cli;
pub mod commands;
pub mod events;
pub mod http;
pub mod lab;
pub mod ledger;
pub mod listeners;
pub mod live;
pub mod metrics;
pub mod miner;
pub mod network;
pub mod node;
pub mod page;
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
