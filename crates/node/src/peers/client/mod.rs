//! The HTTP client for peers: requests a chain and downloads it within limits; requests `/status`.
//!
//! - `request`: the request; `connect`: its connection; `coding`: the content coding of a body
//! - `stream`, `head`: rewrite the response for awc
//! - `status`: a peer's `/status`
//! - `error`: why a peer did not send its chain
//! - `download`, `pace`, `limits`: the body as it arrives, its minimum rate, and the limits on time and bytes

mod coding;
mod connect;
mod download;
mod error;
mod head;
mod limits;
mod pace;
mod request;
mod status;
mod stream;

pub use coding::CodingError;
pub(super) use coding::{Coding, Unpack};
pub(super) use download::download;
pub use error::ClientError;
pub use head::HeadError;
pub use limits::Limits;
pub(super) use pace::Pace;
pub(super) use request::Client;
pub use status::StatusError;
