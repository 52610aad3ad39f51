//! Peers that break the rules. They speak libp2p themselves, so nothing of ours keeps them from it.

mod attacker;
mod flood;
mod lies;
mod strangers;
