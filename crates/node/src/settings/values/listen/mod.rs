//! Where a node listens, and what it is called.
//!
//! - `host`, `port`: the address
//! - `name`: the node's label

mod host;
mod name;
mod port;

pub(in crate::settings) use host::host;
pub use name::NodeName;
pub(in crate::settings) use port::port;
