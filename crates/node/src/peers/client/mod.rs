//! HTTP as peers speak it: asking one for its chain, and downloading the answer within limits.
//!
//! - `get`: the one client; `connect`: its connections; `coding`: how the body of an answer is packed
//! - `stream`, `head`: what awc sees of the connection
//! - `error`: why a peer did not send its chain
//! - `download`, `pace`, `limits`: the body as it arrives, how slowly it may, and what a peer may cost

mod coding;
mod connect;
mod download;
mod error;
mod get;
mod head;
mod limits;
mod pace;
mod stream;

pub use coding::CodingError;
pub(super) use coding::{Coding, Unpack};
pub(super) use download::download;
pub use error::ClientError;
pub(super) use get::Client;
pub use head::HeadError;
pub use limits::Limits;
pub(super) use pace::Pace;
