//! What a node says of itself.

mod metrics;
mod status;
