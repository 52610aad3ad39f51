//! Known peers: addresses, connections, scores, bans, and which one to dial next.

mod backoff;
mod candidates;
mod info;
mod record;
mod score;
mod slowness;
mod table;
#[cfg(test)]
mod tests;
mod wanted;

pub use info::{Direction, PeerInfo};
pub use score::Offence;

pub(crate) use backoff::Backoff;
pub(crate) use record::Source;
pub(crate) use table::{Charge, PeerTable};
pub(crate) use wanted::Wanted;
