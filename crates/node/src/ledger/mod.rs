//! The node's ledger: one writer that changes it in order, and readers that never wait for the writer.
//!
//! All changes of chain, pool and peers go through the writer's thread. It commits to disk, then makes the change visible,
//! then answers, so a caller can rely on an answer. Payments that arrive together share one commit.
//!
//! - `handle`: [`Ledger`], the shared handle
//! - `opening`, `open_error`: checks the stored data before it is used
//! - `view`: the part in memory, with tip, pool and peers
//! - `asking`, `submission`, `change_error`: requests to the writer, and why it refuses them
//! - `writer`: the thread, and the changes that it makes
//! - `limits`: limits of pool and peers
//! - `incoming`: another chain on its way in
//! - `reorg`: what its adoption does to our payments
//! - `chain_pages`: the chain on its way out

mod asking;
mod chain_pages;
mod change_error;
mod handle;
mod incoming;
mod limits;
mod open_error;
mod opening;
mod reorg;
mod submission;
#[cfg(test)]
pub(crate) mod testing;
mod view;
mod writer;

pub use chain_pages::{ChainPages, PAGE, PagesError};
pub use change_error::ChangeError;
pub use handle::{Ledger, WeakLedger};
pub use incoming::{BlockIntake, Candidate, Intake, IntakeError, StageWriter};
pub use limits::{MAX_PEERS, POOL_LIMIT};
pub use open_error::OpenError;
pub use opening::Checked;
pub use reorg::verify_payment;
pub use submission::{Submission, SubmitReply};
pub use view::View;
pub use writer::Extended;

pub use crate::events::Source;
pub use crate::store::Adoption;
