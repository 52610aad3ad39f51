use libp2p::{PeerId, gossipsub::MessageId, request_response::ResponseChannel};
use tokio::sync::oneshot;

use crate::{
    application::Verdict,
    error::AskError,
    ids::BlockId,
    wire::{Request, Response},
};

/// A message that is being judged: its id in gossipsub, and who passed it on.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub(crate) message: MessageId,
    pub(crate) from: PeerId,
}

/// Finished work.
pub(crate) enum Done {
    Payment { judged: Judged, verdict: Verdict },
    Block { judged: Judged, verdict: Verdict },
    Fetched { judged: Judged, id: BlockId, length: u64, verdict: Result<Verdict, AskError> },
    Answer(Answer),
}

/// An answer that the application has found.
pub(crate) struct Answer {
    pub(crate) channel: ResponseChannel<Response>,
    pub(crate) response: Response,
}

/// An open request of ours. Requests of the driver itself have nobody to reply to.
pub(crate) struct Asking {
    pub(crate) request: Request,
    pub(crate) reply: Option<oneshot::Sender<Result<Response, AskError>>>,
}
