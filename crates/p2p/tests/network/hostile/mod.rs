//! Peers that break the rules. They speak libp2p themselves, so none of our checks stops them.

mod attacker;
mod flood;
mod lies;
mod strangers;
