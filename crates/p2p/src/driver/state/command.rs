use bytes::Bytes;
use libp2p::{Multiaddr, PeerId};
use tokio::sync::oneshot;

use crate::{
    error::{AskError, IntroduceError, PublishError},
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

/// Where the outcome of a dial goes.
pub(crate) type Introduced = oneshot::Sender<Result<(), IntroduceError>>;

/// A command of the network's user.
pub(crate) enum Command {
    PublishPayment { data: Bytes, reply: oneshot::Sender<Result<(), PublishError>> },
    PublishBlock { id: BlockId, data: Bytes, reply: oneshot::Sender<Result<(), PublishError>> },
    Ask(Ask),
    Report { peer: PeerId, offence: Offence, why: String },
    Dial(Multiaddr),
    Introduce { peer: PeerId, addresses: Vec<Multiaddr>, reply: Introduced },
    Peers(oneshot::Sender<Vec<PeerInfo>>),
    Known(oneshot::Sender<Vec<KnownPeer>>),
    Info(oneshot::Sender<NodeInfo>),
    Close(oneshot::Sender<Vec<Bytes>>),
}
