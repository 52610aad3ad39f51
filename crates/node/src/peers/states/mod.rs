//! What neighbours say of themselves, for people who look at the network. No rule and no chain depends on it.
//!
//! - `asking`: the node's handle; asks all neighbours, at most once in a while
//! - `said`: what a neighbour answers

mod asking;
mod said;

pub use asking::{NeighbourState, States};
