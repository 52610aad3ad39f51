//! What libp2p is made of here: the transport under it, and its behaviours put together.

mod behaviour;
mod counted;
mod delayed;
mod guarded;
mod transport;

pub(crate) use behaviour::{Behaviour, BehaviourEvent, parts};
pub(crate) use counted::Traffic;
pub(crate) use transport::transport;
