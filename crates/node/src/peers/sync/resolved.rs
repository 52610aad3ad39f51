//! What a resolve came to, and a request for it.

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

/// A request for a round.
#[derive(Debug)]
pub(super) struct Request {
    /// Where the result goes.
    pub(super) reply: oneshot::Sender<Result<Arc<Resolved>, ChangeError>>,
    /// Whether the node itself asks.
    pub(super) is_automatic: bool,
}
