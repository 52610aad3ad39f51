//! The attackers. Each one attacks a world until it is told to stop, and returns the ids of its peers.

mod blocks;
mod crowds;
mod gossip;
mod joined;
mod payments;
mod sockets;
mod streams;
mod sync;
mod windows;

pub(crate) use blocks::{announced, broken, orphans, stale, unreadable};
pub(crate) use crowds::{churn, eclipse, squatters};
pub(crate) use gossip::{control, forged, replayed};
pub(crate) use payments::{ill_formed, wrongly_signed};
pub(crate) use sockets::{connections, garbage, half_open, slow_handshakes};
pub(crate) use streams::{addresses, kademlia, many_streams, unread};
pub(crate) use sync::{endless_pages, false_pages, locators, named_peers, silent_at_fork, silent_at_page};
pub(crate) use windows::{full_windows, late_answers};
