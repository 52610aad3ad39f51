use bytes::Bytes;
use libp2p::{Multiaddr, PeerId};
use tokio::sync::oneshot;

use crate::{
    error::{AskError, PublishError},
    ids::BlockId,
    info::NodeInfo,
    known_peer::KnownPeer,
    peers::{Offence, PeerInfo},
    wire::{Request, Response},
};

/// A request to a peer, and where its answer goes.
pub(crate) struct Ask {
    pub(crate) peer: PeerId,
    pub(crate) request: Request,
    pub(crate) reply: oneshot::Sender<Result<Response, AskError>>,
}

/// What the user of the network wants.
pub(crate) enum Command {
    PublishPayment { data: Bytes, reply: oneshot::Sender<Result<(), PublishError>> },
    PublishBlock { id: BlockId, data: Bytes, reply: oneshot::Sender<Result<(), PublishError>> },
    Ask(Ask),
    Report { peer: PeerId, offence: Offence, why: String },
    Dial(Multiaddr),
    Peers(oneshot::Sender<Vec<PeerInfo>>),
    Known(oneshot::Sender<Vec<KnownPeer>>),
    Info(oneshot::Sender<NodeInfo>),
    Close,
}
