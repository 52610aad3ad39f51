//! The one thread that changes the ledger, in order.
//!
//! - `writer`: [`Writer`], what the thread owns
//! - `command`, `commands`: requests to the thread, and its handle
//! - `thread`: the loop over commands
//! - `payments`: adds payments to the pool, many with one commit
//! - `late`: relayed payments that this node holds already
//! - `extend`: appends a block to our tip
//! - `adopt`: replaces our chain
//! - `peers`: changes the list of peers
//! - `publish`: makes a change visible

mod adopt;
mod command;
mod commands;
mod extend;
mod late;
mod payments;
mod peers;
mod publish;
mod thread;
#[expect(clippy::module_inception, reason = "the room is named after what it is about")]
mod writer;

pub(super) use adopt::Outcome;
pub(super) use command::Command;
pub(super) use commands::Commands;
pub use extend::Extended;
pub(super) use thread::start;
pub(super) use writer::Writer;
