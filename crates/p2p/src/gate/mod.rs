//! Who may connect: limits of connections in sum, each way, with one peer and from one address.

mod address;
mod behaviour;
mod counts;

pub(crate) use address::is_private;
pub(crate) use behaviour::Gate;
