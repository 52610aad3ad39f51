//! HTTP as peers speak it: asking one for its chain, and downloading the answer within limits.
//!
//! - `connect`, `get`, `coding`: the connection, asking on it, how the answer's body is packed
//! - `stream`, `head`: what awc sees of the connection
//! - `download`, `pace`: the body as it arrives, and how slowly it may

mod coding;
mod connect;
mod download;
mod get;
mod head;
mod pace;
mod stream;

pub(super) use coding::{ACCEPTED, Coding, Unpack};
pub(super) use download::download;
pub(super) use get::ask;
pub use head::HeadError;
pub use pace::Limits;
pub(super) use pace::{LEAST, Pace};
