//! Who may connect: limits on connections (in total, in each direction, with one peer, from one address) and on the handshakes
//! that one address begins.

mod address;
mod behaviour;
mod counts;
mod handshakes;

pub(crate) use address::{is_private, is_tellable, names_host};
pub(crate) use behaviour::Gate;
