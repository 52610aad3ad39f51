//! Messages between nodes: requests and answers of sync, blocks in gossip, and the goodbye of a node that leaves.
//!
//! Requests and answers are CBOR. Payments and blocks are bytes that this crate does not read.

mod announce;
mod goodbye;
mod locator;
mod messages;
mod status;

pub(crate) use goodbye::Goodbye;
pub use locator::{ForkPoint, Locator};
pub use messages::{Branch, LargeBlock, Page, PageRequest, SMALLEST_BLOCK};
pub use status::Status;

pub(crate) use announce::BlockMessage;
pub(crate) use messages::{BranchRequest, NamedPeer, PartRequest, Request, Response};
