//! Peers that speak the network's protocols and break its rules, to attack nodes with. They use nothing of the crate `p2p`, so
//! its checks do not stop them, and they fail if its wire format changes.
//!
//! - [`Attacker`] is a whole libp2p peer: it identifies itself, gossips, asks and answers whatever a test wants.
//! - [`Bare`] is an encrypted connection without a swarm: it opens streams and writes any bytes.
//! - [`frames`] writes the bytes of gossipsub and identify.
//! - [`wire`] has the requests and answers of sync.

mod attacker;
mod bare;
mod behaviour;
mod bound;
pub mod frames;
mod introduction;
mod late;
mod multistream;
mod transport;
pub mod wire;

pub use attacker::{Attacker, ResponseHandle};
pub use bare::Bare;
pub use libp2p::{Multiaddr, PeerId, identity::Keypair};
pub use multistream::Stream;
