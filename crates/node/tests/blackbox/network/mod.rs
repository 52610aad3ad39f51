//! Nodes in the peer-to-peer network. `nodes` starts them.

mod identity;
mod linked;
pub(crate) mod nodes;
mod strangers;
