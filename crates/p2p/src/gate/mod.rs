//! Who may connect: limits of connections in sum, each way, with one peer and from one address, and of the handshakes that one
//! address begins.

mod address;
mod behaviour;
mod counts;
mod handshakes;

pub(crate) use address::{is_private, is_tellable, names_host};
pub(crate) use behaviour::Gate;
