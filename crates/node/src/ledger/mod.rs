//! The node's ledger: one writer that changes it in order, and readers that never wait for it.
//!
//! All changes of chain, pool and neighbours go through a thread of their own. It commits to disk first, then makes the
//! change visible, then answers: whoever has an answer can rely on it. Payments that arrive together share one commit.
//!
//! - `handle`: the [`Ledger`] that all share
//! - `opening`, `open_error`: checking what is there before it is used
//! - `view`: what is kept in memory, the tip, the pool and the neighbours
//! - `asking`, `submission`, `change_error`: what the writer can be asked, and why it declines
//! - `writer`: the thread, and the changes that it makes
//! - `limits`: how much the ledger takes; `counted`: numbers of blocks in words
//! - `incoming`: another chain on its way in
//! - `reorg`: what its adoption does to our payments
//! - `pages`: the chain on its way out

mod asking;
mod change_error;
mod counted;
mod handle;
mod incoming;
mod limits;
mod open_error;
mod opening;
mod pages;
mod reorg;
mod submission;
#[cfg(test)]
pub(crate) mod testing;
mod view;
mod writer;

pub use change_error::ChangeError;
pub use counted::Blocks;
pub use handle::{Ledger, WeakLedger};
pub use incoming::{Candidate, Intake, IntakeError, StageWriter};
pub use limits::{MAX_PEERS, POOL_LIMIT};
pub use open_error::OpenError;
pub use opening::Checked;
pub use pages::{BrokenOff, ChainPages, PAGE};
pub use reorg::verify_payment;
pub use submission::{Submission, SubmitReply};
pub use view::View;
pub use writer::Extended;

pub use crate::events::Source;
pub use crate::store::Adoption;
