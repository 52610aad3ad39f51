//! [`Node`], which all handlers share.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use wallet::Wallet;

use crate::access::Policy;
use crate::cached::CachedResponses;
use crate::http::Guards;
use crate::ledger::Ledger;
use crate::live::LiveFeed;
use crate::metrics::Metrics;
use crate::miner::{Miner, Searching};
use crate::network::Network;
use crate::payments::Payments;
use crate::peers::{Limits, Resolver, States, Vetting};
use crate::settings::Settings;

/// A running node. All handlers share it.
#[derive(Debug)]
pub struct Node {
    /// The chain, the pool and the peers.
    pub ledger: Ledger,
    /// Verifies payments.
    pub payments: Arc<Payments>,
    /// The owner's keys.
    pub wallet: Wallet,
    /// Mines blocks.
    pub miner: Miner,
    /// Compares our chain with the peers' chains.
    pub resolver: Resolver,
    /// What the neighbours say of themselves.
    pub neighbours: States,
    /// The peer-to-peer network, if the node has joined it.
    pub network: Option<Network>,
    /// Cancels proof searches and requests to peers.
    pub searches: CancellationToken,
    /// Checks new peers.
    pub vetting: Vetting,
    /// Responses kept until they are out of date.
    pub cached: CachedResponses,
    /// Held by the request that shows the secret on the console.
    pub console: Arc<Mutex<()>>,
    /// The live feed of web pages.
    pub live: LiveFeed,
    /// Limits for clients.
    pub guards: Arc<Guards>,
    /// Figures for Prometheus.
    pub metrics: Metrics,
    /// The address on which the node listens.
    pub address: SocketAddr,
    /// Who may ask what.
    pub policy: Policy,
    /// All settings, for handlers with settings of their own.
    pub settings: Settings,
    /// When the node started to serve.
    pub started: Instant,
}

impl Node {
    /// A node with this ledger. Call it in an async runtime.
    pub fn new(
        ledger: Ledger,
        wallet: Wallet,
        settings: &Settings,
        address: SocketAddr,
        policy: Policy,
        live: LiveFeed,
        metrics: Metrics,
    ) -> Self {
        let searches = CancellationToken::new();
        Self {
            miner: Miner::new(
                ledger.clone(),
                wallet.address().as_str().into(),
                Searching::from(settings),
                searches.child_token(),
            ),
            resolver: Resolver::start(ledger.clone(), settings, &metrics.neighbours, searches.child_token()),
            neighbours: States::new(Limits::from(settings)),
            network: None,
            searches,
            vetting: Vetting::default(),
            payments: Arc::new(Payments::new(ledger.clone())),
            cached: CachedResponses::default(),
            console: Arc::default(),
            live,
            guards: Arc::new(Guards::new(settings)),
            ledger,
            wallet,
            metrics,
            address,
            policy,
            settings: settings.clone(),
            started: Instant::now(),
        }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use std::path::Path;

    use clap::Parser;

    use super::*;
    use crate::access::{OwnerRule, OwnerToken};
    use crate::cli::Cli;
    use crate::store::DataDir;

    /// A node in a directory with the settings of these flags. Everybody is its owner.
    pub(crate) fn node(directory: &Path, flags: &[&str]) -> Node {
        let settings = Cli::parse_from([&["node"], flags].concat()).flags;
        let rules = settings.rules(ledger_core::RULE_SETS).unwrap();
        let ledger = Ledger::open(DataDir::take(directory).unwrap(), rules).unwrap();
        let token = OwnerToken::generate().unwrap();
        let policy = Policy::new(OwnerRule::Open, token, String::new(), Vec::new(), Vec::new());
        let (wallet, address) = (Wallet::generate().unwrap(), "127.0.0.1:5000".parse().unwrap());
        Node::new(ledger, wallet, &settings, address, policy, LiveFeed::new(0), Metrics::default())
    }
}
