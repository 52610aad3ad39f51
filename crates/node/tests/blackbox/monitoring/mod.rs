//! What a node says of itself.

mod dashboard;
mod metrics;
mod status;
