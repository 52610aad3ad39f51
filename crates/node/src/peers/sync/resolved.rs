//! What a resolve came to, and the way back to those who asked.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::outcome::Neighbour;
use crate::ledger::ChangeError;

/// What a resolve came to.
#[derive(Debug)]
pub struct Resolved {
    /// Whether our chain was replaced.
    pub replaced: bool,
    /// What became of each peer that was asked, sorted by address.
    pub neighbours: Vec<Neighbour>,
}

/// Where the result of a round goes.
pub(super) type Reply = oneshot::Sender<Result<Arc<Resolved>, ChangeError>>;
