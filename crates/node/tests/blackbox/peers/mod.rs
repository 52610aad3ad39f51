//! Honest and misbehaving peers.

mod hostile_registrations;
mod http_of_neighbours;
mod incremental;
mod of_different_speed;
mod outcomes;
mod that_differ;
mod that_fail;
pub(crate) mod that_lie;
mod that_stall;
mod unregistering;
mod with_large_blocks;
