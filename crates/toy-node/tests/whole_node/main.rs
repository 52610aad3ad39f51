//! A whole node with the toy's rules: real processes, asked over HTTP. Each test covers something for which the node asks the
//! rules.

mod changed;
mod commands;
#[path = "../../../node/tests/blackbox/harness/mod.rs"]
#[allow(dead_code, reason = "these tests need a part of what the node's own need")]
mod harness;
mod mining;
mod reorgs;
mod sync;
mod toy;

/// The program that the tests start.
const PROGRAM: &str = env!("CARGO_BIN_EXE_toy-node");
