//! The node: what all handlers share.

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
use crate::miner::{Automatic, Miner, Searching};
use crate::payments::Payments;
use crate::peers::{Resolver, Vetting};
use crate::settings::Settings;

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
    /// Ends searches for proofs, and asking neighbours.
    pub searches: CancellationToken,
    /// Checks new neighbours.
    pub vetting: Vetting,
    /// Responses that can be given again.
    pub cached: CachedResponses,
    /// Held by the request that shows the secret on the console.
    pub console: Arc<Mutex<()>>,
    /// What clients may cost.
    pub guards: Arc<Guards>,
    /// Where the node listens.
    pub address: SocketAddr,
    /// Who may ask what.
    pub policy: Policy,
    /// All settings, for handlers that have one of their own.
    pub settings: Settings,
    /// When it began to serve.
    pub started: Instant,
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
        let searches = CancellationToken::new();
        Self {
            miner: Miner::new(
                ledger.clone(),
                wallet.address().as_str().into(),
                Searching::from(settings),
                searches.child_token(),
            ),
            resolver: Resolver::start(ledger.clone(), settings, searches.child_token()),
            searches,
            vetting: Vetting::default(),
            automatic: Automatic::from(settings),
            payments: Payments::new(ledger.clone()),
            cached: CachedResponses::default(),
            console: Arc::default(),
            guards: Arc::new(Guards::new(settings)),
            ledger,
            wallet,
            address,
            policy,
            settings: settings.clone(),
            started: Instant::now(),
        }
    }
}
