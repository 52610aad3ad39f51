//! The one thread that changes the ledger, in order.
//!
//! - `writer`: what it owns
//! - `command`, `commands`: what it can be asked, and the way to it
//! - `thread`: from one command to the next
//! - `payments`: payments that share a commit
//! - `extend`: a block on our tip, whoever made it
//! - `adopt`: another chain
//! - `peers`: the list of neighbours
//! - `publish`: where a change is shown

mod adopt;
mod command;
mod commands;
mod extend;
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
