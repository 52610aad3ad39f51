//! Black-box tests: real node processes over HTTP, among honest and misbehaving peers.

mod access;
mod chains;
mod durability;
mod files;
mod harness;
mod payments;
mod peers;
mod program;
mod requests;
