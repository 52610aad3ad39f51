//! Gossip: how payments and blocks travel, which repeats count, and at which rates.

mod admission;
mod config;
mod counted;
mod origins;
mod outbox;
mod scores;
mod slots;
mod topics;
mod window;

pub(crate) use admission::{Admission, Refusal};
pub(crate) use config::{Gossipsub, gossipsub};
pub(crate) use counted::GossipCounts;
pub(crate) use outbox::Outbox;
pub(crate) use scores::UNHEARD;
pub(crate) use topics::{Kind, Topics};
