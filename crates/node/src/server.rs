//! The server: it is given its listener and its stop signal, and finishes what is in flight.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use wallet::Wallet;

use crate::access::Policy;
use crate::api;
use crate::cached::Answers;
use crate::http::{self, Guards};
use crate::ledger::Ledger;
use crate::miner::{Automatic, Miner, Searching};
use crate::payments::Payments;
use crate::peers::{Limits, Resolver};
use crate::settings::Settings;

/// How long requests in flight may go on after the stop signal; what is not finished then is broken off.
const GRACE: Duration = Duration::from_secs(10);

/// How long mining and asking neighbours may go on after the stop signal.
const SEARCH_GRACE: Duration = Duration::from_secs(3);

/// The most bytes of a chain that are taken from a neighbour.
const MAX_CHAIN: u64 = 64 << 30;

/// What all handlers share.
#[derive(Debug)]
pub struct Node {
    /// The chain, the pool and the neighbours.
    pub ledger: Ledger,
    /// Where payments are verified.
    pub payments: Payments,
    /// The owner's keys.
    pub wallet: Wallet,
    /// Who mines.
    pub miner: Miner,
    /// When that is done without being asked.
    pub automatic: Automatic,
    /// Who compares our chain with the neighbours'.
    pub resolver: Resolver,
    /// Answers that can be given again.
    pub answers: Answers,
    /// What clients may cost.
    pub guards: Arc<Guards>,
    /// Where the node listens.
    pub address: SocketAddr,
    /// Who may ask what.
    pub policy: Policy,
}

impl Node {
    /// A node over a ledger. Must be called in an async runtime.
    pub fn new(
        ledger: Ledger,
        wallet: Wallet,
        settings: &Settings,
        address: SocketAddr,
        policy: Policy,
    ) -> Self {
        let reward = settings.mining_reward.amount();
        let searching = Searching { threads: settings.threads.count(), engine: settings.engine };
        let limits = Limits {
            silence: settings.peer_timeout,
            first_byte: settings.peer_first_byte,
            deadline: settings.peer_deadline,
            bytes: MAX_CHAIN,
        };
        Self {
            miner: Miner::new(ledger.clone(), wallet.address().to_string(), reward, searching),
            resolver: Resolver::start(ledger.clone(), limits),
            automatic: settings.automatic(),
            payments: Payments::new(ledger.clone()),
            answers: Answers::default(),
            guards: Arc::new(Guards::new(settings.request_log.is_on())),
            ledger,
            wallet,
            address,
            policy,
        }
    }
}

/// Serves until `stop` is ready, then finishes what is in flight, within limits of time.
///
/// # Errors
///
/// What the sockets do.
pub async fn serve(
    listener: TcpListener,
    node: Node,
    stop: impl Future<Output = ()> + 'static,
) -> std::io::Result<()> {
    let node = web::Data::new(node);
    let shared = node.clone();
    let server = http::start(listener, &node.guards, GRACE, move |config| {
        config.app_data(shared.clone()).configure(api::routes);
    })?;
    let handle = server.handle();
    let node = node.into_inner();
    let miner = Arc::clone(&node);
    let mining = actix_web::rt::spawn(async move { miner.automatic.run(&miner.miner).await });
    actix_web::rt::spawn(async move {
        stop.await;
        tracing::info!("stopping; a second signal stops at once");
        mining.abort();
        actix_web::rt::spawn(async move {
            tokio::time::sleep(SEARCH_GRACE).await;
            node.miner.stop();
            node.resolver.stop();
        });
        handle.stop(true).await;
    });
    server.await
}
