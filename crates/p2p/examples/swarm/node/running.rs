use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use ledger_core::{SignedTransaction, Transaction, VerifiedPayment};
use p2p::{BlockId, Network, NodeInfo, Settings};
use tokio::{sync::mpsc, task::JoinHandle, time::interval};
use wallet::Wallet;

use super::{
    answers::{Answers, write},
    catch_up,
    chain::{Chain, id},
};
use crate::world::{World, id_of, locked};

/// Peers that may wait to be asked, as many as in a real node.
const AHEAD: usize = 64;

/// A running node.
pub(crate) struct Node {
    pub(crate) number: usize,
    network: Network,
    chain: Arc<Mutex<Chain>>,
    world: Arc<World>,
    catching_up: JoinHandle<()>,
}

impl fmt::Display for Node {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "node {}", self.number)
    }
}

impl Node {
    pub(crate) fn start(number: usize, settings: Settings, ask_every: Duration, world: &Arc<World>) -> Self {
        let chain = Arc::new(Mutex::new(Chain::new(world.clone())));
        let (ahead, peers_ahead) = mpsc::channel(AHEAD);
        let answers = Answers { world: world.clone(), chain: chain.clone(), ahead };
        let (network, events) = Network::spawn(settings, Arc::new(answers)).expect("a node");
        let round = interval(ask_every);
        let run = catch_up::run(network.clone(), chain.clone(), events, peers_ahead, round);
        Self { number, network, chain, world: world.clone(), catching_up: tokio::spawn(run) }
    }

    pub(crate) async fn info(&self) -> NodeInfo {
        self.network.info().await.expect("a node that runs")
    }

    pub(crate) fn tip(&self) -> BlockId {
        id(&locked(&self.chain).tip())
    }

    pub(crate) fn height(&self) -> u64 {
        locked(&self.chain).tip().height.get()
    }

    /// Mines a block and sends it. Returns its hash.
    pub(crate) async fn mine(&self) -> BlockId {
        let (id, block) = locked(&self.chain).mine(&self.to_string());
        self.network.publish_block(id, block).await.expect("a small block");
        id
    }

    /// Accepts a payment from a user and sends it. Returns its name.
    pub(crate) async fn pay(&self, wallet: &Wallet, recipient: String) -> BlockId {
        let payment = sign(wallet, recipient);
        let data = write(&payment);
        let id = id_of(&data);
        locked(&self.chain).add(payment);
        self.world.note(id);
        self.network.publish_payment(data).await.expect("a small payment");
        id
    }

    /// Leaves without a word: its network ends with the last handle.
    pub(crate) fn leave(self) {
        self.catching_up.abort();
    }
}

fn sign(wallet: &Wallet, recipient: String) -> VerifiedPayment {
    let payment = Transaction {
        sender: wallet.address().to_string().into(),
        recipient: recipient.as_str().into(),
        amount: 1u64.into(),
    };
    let signature = wallet.sign(payment.message().as_bytes()).expect("a key that signs").into_string();
    let signed = SignedTransaction::new(payment.into_owned(), signature).expect("a payment");
    signed.verify_with(wallet::verify).expect("our own signature")
}
