//! One node of the swarm: the network code, and a chain with a pool in memory.

mod answers;
mod catch_up;
mod chain;
mod running;

pub(crate) use running::Node;
