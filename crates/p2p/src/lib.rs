//! The network between nodes of a ledger, on [libp2p](https://libp2p.io): payments and blocks travel by gossip, chains are
//! fetched by requests and answers, and nodes find each other.
//!
//! It carries bytes. It knows no store and no rule: its user implements [`Application`], which decides what is valid and
//! answers what a chain holds. The crate shields its user from everything that other nodes can do wrong: floods, endless
//! answers, stalls, crowds of strangers. [`Limits`] names each bound.
//!
//! ```
//! use std::sync::Arc;
//! use bytes::Bytes;
//! use futures_util::{FutureExt, future::{BoxFuture, ready}};
//! use p2p::*;
//!
//! /// A node that believes everything and has no chain.
//! struct Empty;
//!
//! impl Application for Empty {
//!     fn judge_payment(&self, _: Payment) -> BoxFuture<'static, Verdict> { ready(Verdict::Accept).boxed() }
//!     fn wants(&self, _: AnnouncedBlock) -> BoxFuture<'static, bool> { ready(true).boxed() }
//!     fn judge_block(&self, _: ArrivedBlock) -> BoxFuture<'static, Verdict> { ready(Verdict::Accept).boxed() }
//!     fn status(&self) -> BoxFuture<'static, Status> {
//!         ready(Status { height: 0, tip: BlockId([0; 32]), work: Bytes::new() }).boxed()
//!     }
//!     fn branch(&self, _: Locator, _: u32) -> BoxFuture<'static, Option<Branch>> { ready(None).boxed() }
//!     fn page(&self, _: PageRequest) -> BoxFuture<'static, Page> { ready(Page::default()).boxed() }
//!     fn part(&self, _: BlockId, _: u64, _: u32) -> BoxFuture<'static, Option<Bytes>> { ready(None).boxed() }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let network = NetworkId::new("tutorial", "classic", 4).unwrap();
//! let (network, mut events) = Network::start(Settings::new(network, Identity::generate()), Arc::new(Empty)).await.unwrap();
//! network.publish_payment("a payment".into()).await.unwrap();
//! assert!(matches!(events.recv().await, Some(Event::Listening(_))));
//! network.close().await;
//! # });
//! ```
//!
//! The swarm runs on a thread of its own, with a runtime of its own. Both channels to it are bounded: a caller that asks
//! too much waits, and a slow listener learns how much it lost ([`Event::Lagged`]).
//!
//! # Reading order
//!
//! 1. `application`, `event`, `network`: what the user implements, hears and asks.
//! 2. `settings`, `identity`, `network_id`, `ids`: a node's configuration, and names.
//! 3. `wire`: what nodes say to each other.
//! 4. `gossip`: which messages are judged at all, and how libp2p's gossipsub is set up.
//! 5. `peers`, `gate`: known peers, their scores, and who may connect.
//! 6. `engine`: libp2p's transport and behaviours, combined.
//! 7. `driver`: the loop, and what it does on each event.
//! 8. `download`: a stretch of a chain from several peers in parallel.

#![warn(clippy::must_use_candidate, clippy::unwrap_used)]
#![forbid(unsafe_code)]

mod application;
mod download;
mod driver;
mod engine;
mod error;
mod event;
mod gate;
mod gossip;
mod identity;
mod ids;
mod info;
mod known_peer;
mod network;
mod network_id;
mod peers;
mod printable;
mod random;
mod rate;
mod settings;
mod wire;

pub use application::{AnnouncedBlock, Application, ArrivedBlock, Payment, Verdict};
pub use download::{Chunk, Download, DownloadError, DownloadSettings, Links, Source};
pub use error::{AskError, IntroduceError, PublishError, StartError};
pub use event::Event;
pub use identity::{Identity, InvalidKey};
pub use ids::{BlockId, RelayId};
pub use info::{Counters, NodeInfo};
pub use known_peer::KnownPeer;
pub use libp2p::{Multiaddr, PeerId};
pub use network::{Events, Network};
pub use network_id::{InvalidNetwork, NetworkId};
pub use peers::{Direction, Offence, PeerInfo};
pub use rate::Rate;
pub use settings::{
    GossipLimits, InvalidAddress, Limits, Link, PeerLimits, Settings, SyncLimits, Transport, parse_address,
};
pub use wire::{Branch, ForkPoint, LargeBlock, Locator, Page, PageRequest, SMALLEST_BLOCK, Status};
