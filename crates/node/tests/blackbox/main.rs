//! The node as others meet it: real processes, asked over HTTP, between peers that behave and peers that do not.

mod access;
mod chains;
mod durability;
mod files;
mod harness;
mod payments;
mod peers;
mod program;
mod requests;
