//! Where the chains of peers part from ours.
//!
//! - `known`: the fork points that are known; asks a peer once for each tip that it reports
//! - `locate`: the requests that lead to a fork point

mod known;
mod locate;

pub(super) use known::Forks;
