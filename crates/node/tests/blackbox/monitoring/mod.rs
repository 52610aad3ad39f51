//! What a node reports about itself.

mod dashboard;
mod metrics;
mod status;
