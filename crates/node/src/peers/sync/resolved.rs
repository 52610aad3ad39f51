//! The result of a resolve, and a request for one.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::outcome::Neighbour;
use crate::ledger::ChangeError;

/// The result of a resolve.
#[derive(Debug)]
pub struct Resolved {
    /// Whether our chain was replaced.
    pub replaced: bool,
    /// The outcome for each peer, sorted by address.
    pub neighbours: Vec<Neighbour>,
}

/// A request for a round.
#[derive(Debug)]
pub(super) struct Request {
    /// Where the result goes.
    pub(super) reply: oneshot::Sender<Result<Arc<Resolved>, ChangeError>>,
    /// Whether the node itself asks, not a client.
    pub(super) is_automatic: bool,
}
