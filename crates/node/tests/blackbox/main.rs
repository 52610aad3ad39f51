//! Black-box tests: real node processes over HTTP, among honest and misbehaving peers.

mod access;
mod chains;
mod durability;
mod files;
mod harness;
mod monitoring;
mod network;
mod page;
mod payments;
mod peers;
mod program;
mod requests;

/// The program that the tests start.
const PROGRAM: &str = env!("CARGO_BIN_EXE_node");
