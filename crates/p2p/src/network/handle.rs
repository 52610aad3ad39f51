use std::{fmt, sync::Arc};

use bytes::Bytes;
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, oneshot};

use crate::{
    application::Application,
    driver::{Command, ask, fetch_block},
    error::{AskError, IntroduceError, PublishError},
    event::Event,
    ids::BlockId,
    info::NodeInfo,
    known_peer::KnownPeer,
    peers::{Offence, PeerInfo},
    settings::SyncLimits,
    wire::{Branch, BranchRequest, LargeBlock, Locator, Page, PageRequest, Request, Response, Status},
};

/// The handle to the network. Clones share it; when the last one is dropped, the network ends.
#[derive(Clone)]
pub struct Network {
    pub(super) id: PeerId,
    pub(super) application: Arc<dyn Application>,
    pub(super) commands: mpsc::Sender<Command>,
    pub(super) limits: SyncLimits,
}

impl fmt::Debug for Network {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Network({})", self.id)
    }
}

/// What happens in the network, in order. It ends when the network has ended.
pub type Events = mpsc::Receiver<Event>;

impl Network {
    /// The name of this node in the network.
    #[must_use]
    pub fn id(&self) -> PeerId {
        self.id
    }

    /// Sends a payment to all nodes. The payment waits if this node sends more than others accept from one node.
    ///
    /// # Errors
    ///
    /// If it is too large, or too many wait.
    pub async fn publish_payment(&self, data: Bytes) -> Result<(), PublishError> {
        self.request(|reply| Command::PublishPayment { data, reply })
            .await
            .unwrap_or(Err(PublishError::Stopped))
    }

    /// Sends a block to all nodes. A large one is announced, and peers fetch it: [`Application::part`] must know it already.
    ///
    /// # Errors
    ///
    /// If it is larger than other nodes accept.
    pub async fn publish_block(&self, id: BlockId, data: Bytes) -> Result<(), PublishError> {
        self.request(|reply| Command::PublishBlock { id, data, reply })
            .await
            .unwrap_or(Err(PublishError::Stopped))
    }

    /// Asks a peer for its tip, and tells it ours.
    ///
    /// # Errors
    ///
    /// If the answer is missing or wrong. The same holds for all requests.
    pub async fn status(&self, peer: PeerId) -> Result<Status, AskError> {
        let ours = self.application.status().await;
        match self.ask(peer, Request::Status(ours)).await? {
            Response::Status(theirs) => Ok(theirs),
            _ => Err(other_answer(peer)),
        }
    }

    /// Asks what the peer's chain has after the highest block of the locator that it knows: a short gap needs no other
    /// request. The answer has at most `bytes` bytes of blocks; what the blocks say is unchecked.
    ///
    /// # Errors
    ///
    /// As [`Network::status`].
    pub async fn branch(&self, peer: PeerId, locator: Locator, bytes: u32) -> Result<Branch, AskError> {
        let bytes = bytes.min(self.page_bytes());
        match self.ask(peer, Request::Branch(BranchRequest { locator, bytes })).await? {
            Response::Branch(branch) => Ok(branch),
            _ => Err(other_answer(peer)),
        }
    }

    /// Asks for blocks of the peer's chain. The answer has no more than was asked for; what the blocks say is unchecked.
    ///
    /// # Errors
    ///
    /// As [`Network::status`].
    pub async fn page(&self, peer: PeerId, asked: PageRequest) -> Result<Page, AskError> {
        let asked = PageRequest { bytes: asked.bytes.min(self.page_bytes()), ..asked };
        match self.ask(peer, Request::Page(asked)).await? {
            Response::Page(page) => Ok(page),
            _ => Err(other_answer(peer)),
        }
    }

    /// Fetches a block that does not fit a page, in parts. Check its length first: this takes as much memory.
    ///
    /// # Errors
    ///
    /// As [`Network::status`], and if the peer does not have the block.
    pub async fn large_block(&self, peer: PeerId, block: LargeBlock) -> Result<Bytes, AskError> {
        let wanted = (block.id, block.length);
        fetch_block(&self.commands, peer, wanted, Bytes::new(), self.limits.page_bytes).await
    }

    /// Charges a peer with an offence that the caller found, such as an invalid block.
    pub async fn report(&self, peer: PeerId, offence: Offence, why: &str) {
        self.tell(Command::Report { peer, offence, why: why.to_owned() }).await;
    }

    /// Connects to the peer at an address, and dials it again whenever the connection is lost. Remembers at most 1,000 addresses.
    pub async fn dial(&self, address: Multiaddr) {
        self.tell(Command::Dial(address)).await;
    }

    /// Dials a peer once, at addresses that somebody else named. The peer must prove its id. Returns when it is connected, or the
    /// dial has failed. If it is being dialled already, that dial counts.
    ///
    /// # Errors
    ///
    /// [`IntroduceError`] if it is not connected.
    pub async fn introduce(&self, peer: PeerId, addresses: Vec<Multiaddr>) -> Result<(), IntroduceError> {
        if peer == self.id {
            return Err(IntroduceError::Ourselves);
        }
        let outcome = self.request(|reply| Command::Introduce { peer, addresses, reply }).await;
        outcome.unwrap_or(Err(IntroduceError::Stopped))
    }

    /// All peers that are known, connected ones and others. Empty when the network has ended.
    pub async fn peers(&self) -> Vec<PeerInfo> {
        self.request(Command::Peers).await.unwrap_or_default()
    }

    /// The peers to remember across a restart: [`Settings::known`](crate::Settings).
    pub async fn known_peers(&self) -> Vec<KnownPeer> {
        self.request(Command::Known).await.unwrap_or_default()
    }

    /// Where this node listens, and what it has counted. `None` when the network has ended.
    pub async fn info(&self) -> Option<NodeInfo> {
        self.request(Command::Info).await
    }

    /// Tells all peers that this node stops, and ends the network. Returns when it has ended, after a few seconds at most, with
    /// the payments that it has not sent.
    pub async fn close(&self) -> Vec<Bytes> {
        let unsent = self.request(Command::Close).await.unwrap_or_default();
        self.commands.closed().await;
        unsent
    }

    fn page_bytes(&self) -> u32 {
        u32::try_from(self.limits.page_bytes).unwrap_or(u32::MAX)
    }

    async fn ask(&self, peer: PeerId, request: Request) -> Result<Response, AskError> {
        ask(&self.commands, peer, request).await
    }

    /// Hands a command to the driver and waits for its answer. `None` if the network has ended.
    async fn request<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.tell(command(reply)).await;
        answer.await.ok()
    }

    async fn tell(&self, command: Command) {
        // Err: the network has ended; nothing is left to do.
        let _ = self.commands.send(command).await;
    }
}

/// Cannot happen: the driver passes on only answers that fit their request.
fn other_answer(peer: PeerId) -> AskError {
    AskError::Invalid { peer, why: "no answer to the request".into() }
}
