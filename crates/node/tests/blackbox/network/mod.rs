//! Nodes in the peer-to-peer network. `nodes` starts them.

mod identity;
mod killed;
mod linked;
mod neighbours;
pub(crate) mod nodes;
mod strangers;
mod unsent;
