//! Our libp2p: its transport, and its behaviours combined.

mod behaviour;
mod counted;
mod delayed;
mod dial_error;
mod frames;
mod guarded;
mod multiplexed;
mod nameless;
#[cfg(test)]
mod tests;
mod transport;
mod unread;

pub(crate) use behaviour::{Behaviour, BehaviourEvent, discovery, parts};
pub(crate) use counted::Traffic;
pub(crate) use dial_error::{why, with_address};
pub(crate) use transport::transport;
