//! A whole node by the toy's rules: real processes, asked over HTTP. Each test is of something that the node does by asking
//! the rules.

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
