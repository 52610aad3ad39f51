//! The HTTP interface: one file for each resource, and the table of all routes in `routes`.
//!
//! Handlers are short: parse, call, answer. [`ApiError`] turns every failure into a status and a sentence.

mod addresses;
mod blocks;
mod chain;
mod cors;
mod error;
mod guard;
mod mine;
mod nodes;
mod request;
mod response;
mod routes;
mod secret;
mod transactions;

pub use error::ApiError;
pub use guard::routes;
pub use routes::{ROUTES, Route};
