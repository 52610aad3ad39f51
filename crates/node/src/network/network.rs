//! [`Network`], the node's handle to the peer-to-peer network.

use std::collections::HashMap;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;
use ledger_core::seam::RuleSet;
use ledger_core::{BlockHash, VerifiedPayment};
use p2p::{
    Identity, InvalidNetwork, Multiaddr, NetworkId, NodeInfo, PeerId, PeerInfo, PeerLimits, PublishError,
    StartError,
};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::agent;
use super::answers::Answers;
use super::forks::Forks;
use super::neighbours::Neighbours;
use super::sync::{Progress, Sync, Task};
use super::tips::id_of;
use super::{known, relayed, serve, unsent};
use crate::ledger::{Ledger, WeakLedger};
use crate::payments::Payments;
use crate::peers::Contacts;
use crate::settings::Settings;
use crate::system::causes::with_causes;
use crate::system::clock;

/// Peers that wait to be asked, because they sent a block above our tip.
const AHEAD: usize = 64;

/// How long an answer to a user waits for the network's thread.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long leaving the network may take.
const CLOSING: Duration = Duration::from_secs(5);

/// Handle to the peer-to-peer network. When the last clone is dropped, the network ends.
#[derive(Clone, Debug)]
pub struct Network {
    p2p: p2p::Network,
    /// The network's last information about itself.
    last_info: Arc<watch::Sender<Option<NodeInfo>>>,
    progress: Progress,
    forks: Forks,
}

/// Why the node does not join the network.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The name of the rule set cannot be part of a network's name.
    #[error(transparent)]
    Name(#[from] InvalidNetwork),
    /// The network does not start.
    #[error("cannot start the peer-to-peer network")]
    Start(#[source] StartError),
}

impl Network {
    /// Joins the network on the host that the node listens on, and keeps our chain up with the peers' chains until `stop` is
    /// cancelled. `wallet` is the fingerprint of the node's wallet, and `descriptors` bounds the connections. Must be called in
    /// an async runtime of one thread.
    ///
    /// # Errors
    ///
    /// [`JoinError`], for example if the port is taken.
    pub async fn join(
        (settings, wallet, descriptors): (&Settings, &str, usize),
        (host, identity, directory): (IpAddr, Identity, &Path),
        (ledger, payments): (&Ledger, &Arc<Payments>),
        stop: CancellationToken,
    ) -> Result<Self, JoinError> {
        let name = network_id(settings, &**ledger.rules())?;
        tracing::info!("p2p: {}, network {name}", identity.peer_id());
        let (ahead, peers_ahead) = mpsc::channel(AHEAD);
        let answers = Arc::new(Answers::new(ledger, payments, ahead));
        let changes = ledger.listen_to_chain();
        let contacts = Contacts::new(settings);
        let agent = agent::ours(settings.name.as_ref(), wallet);
        let mut settings = p2p_settings(settings, name, host, identity);
        (settings.agent, settings.known) = (agent, known::read(directory));
        if let Some(doubt) = known::clock_doubt(&settings.known, clock::seconds()) {
            tracing::warn!("p2p: {doubt}");
        }
        settings.limits.peers = PeerLimits::within(descriptors);
        let started = p2p::Network::start(settings, answers).await;
        let (network, events) = started.map_err(JoinError::Start)?;
        let neighbours = Neighbours::new(ledger.downgrade(), network.clone(), contacts);
        let progress = Progress::default();
        let task = Task::new(ledger.clone(), network.clone(), directory.to_owned(), progress.clone());
        let task = task.run(events, peers_ahead, changes);
        let tasks = join(task, neighbours.run(ledger.listen_to_chain()));
        actix_web::rt::spawn(async move { stop.run_until_cancelled(tasks).await });
        send_unsent(&network, directory, ledger).await;
        let last_info = Arc::new(watch::Sender::new(network.info().await));
        Ok(Self { p2p: network, last_info, progress, forks: Forks::default() })
    }

    /// Tells the peers that this node stops, leaves the network, and notes which payments it has not sent.
    pub async fn close(&self, directory: &Path, ledger: &Ledger) {
        match timeout(CLOSING, self.p2p.close()).await {
            Ok(left) => unsent::keep(directory, ledger, &left),
            Err(_) => tracing::warn!("p2p: the network did not end within {CLOSING:?}: abandoned"),
        }
    }

    /// The network's information about itself, or its last one if its thread is too busy. `None` if it has ended.
    pub async fn info(&self) -> Option<NodeInfo> {
        match timeout(PATIENCE, self.p2p.info()).await {
            Ok(info) => {
                self.last_info.send_replace(info.clone());
                info
            }
            Err(_) => self.last_info.borrow().clone(),
        }
    }

    /// The peers that the network knows. Empty if it has ended or is too busy.
    pub async fn peers(&self) -> Vec<PeerInfo> {
        timeout(PATIENCE, self.p2p.peers()).await.unwrap_or_default()
    }

    /// For each connected peer, the height of the last block that both chains share, if it is known for these tips. Asks the
    /// other peers, for a later call.
    pub async fn forks(&self, ledger: &Ledger, tips: Vec<(PeerId, BlockHash)>) -> HashMap<PeerId, u64> {
        self.forks.of(&self.p2p, ledger, tips).await
    }

    /// The running sync and its progress; `None` if none runs.
    pub fn sync(&self) -> Option<Sync> {
        self.progress.now()
    }

    /// Watches the running sync. The receiver does not keep the network running.
    pub fn syncs(&self) -> watch::Receiver<Option<Sync>> {
        self.progress.watch()
    }

    /// Sends a payment to all nodes.
    pub async fn publish_payment(&self, payment: &VerifiedPayment) {
        if let Err(error) = self.p2p.publish_payment(relayed::write(payment)).await {
            tracing::warn!("p2p: payment not sent: {}", with_causes(&error));
        }
    }

    /// Sends a block of ours to all nodes. Reads it on the caller's thread.
    pub async fn publish_block(&self, ledger: &WeakLedger, hash: BlockHash) {
        let Some(read) = ledger.upgrade().map(|ledger| serve::block(&ledger, hash)) else { return };
        let warn = |error: &dyn Error| {
            tracing::warn!("p2p: block {hash} not sent, peers must ask for it: {}", with_causes(error));
        };
        match read {
            Ok(Some(text)) => {
                let sent = self.p2p.publish_block(id_of(&hash), text).await;
                sent.unwrap_or_else(|error| warn(&error));
            }
            // Another chain has replaced it.
            Ok(None) => {}
            Err(error) => warn(&error),
        }
    }
}

/// Sends the payments that an earlier run has not sent. The network keeps them until a peer comes.
async fn send_unsent(network: &p2p::Network, directory: &Path, ledger: &Ledger) {
    let payments = unsent::take(directory, ledger);
    if !payments.is_empty() {
        tracing::info!("p2p: sending payments of an earlier run: {}", payments.len());
    }
    for (number, payment) in payments.iter().enumerate() {
        // Full: the rest follows after the next start. After any other error the payment stays with this node.
        if let Err(PublishError::Full(_)) = network.publish_payment(payment.clone()).await {
            return unsent::keep(directory, ledger, &payments[number..]);
        }
    }
}

fn network_id(settings: &Settings, rules: &dyn RuleSet) -> Result<NetworkId, InvalidNetwork> {
    NetworkId::new(&settings.network, rules.name(), settings.difficulty.zeros().into())
}

fn p2p_settings(settings: &Settings, name: NetworkId, host: IpAddr, identity: Identity) -> p2p::Settings {
    let port = settings.p2p_port.unwrap_or(0);
    p2p::Settings {
        listen: listen(host, port),
        bootstrap: settings.peer.clone(),
        discover: settings.discover,
        ..p2p::Settings::new(name, identity)
    }
}

/// The addresses to listen on. An IPv6 wildcard means both kinds, as for HTTP.
fn listen(host: IpAddr, port: u16) -> Vec<Multiaddr> {
    let address = |host: IpAddr| {
        let kind = if host.is_ipv4() { "ip4" } else { "ip6" };
        format!("/{kind}/{host}/tcp/{port}").parse().expect("an address and a port are a multiaddr")
    };
    let mut all: Vec<Multiaddr> = vec![address(host)];
    if host.is_unspecified() && host.is_ipv6() {
        all.push(address(Ipv4Addr::UNSPECIFIED.into()));
    }
    all
}
