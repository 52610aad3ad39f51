//! The HTTP interface.
//!
//! - `handlers/`: a file per resource, and the table of all routes; `route`: a line of that table
//! - `request/`, `response/`: reading requests, building answers
//! - `guard`, `cors`: the access check of each route; which pages may see answers
//! - `doc/`: the description of the interface for programs
//! - `error`: [`ApiError`] turns every error into a status and a message

mod cors;
mod doc;
mod error;
mod guard;
mod handlers;
mod request;
mod response;
mod route;
#[cfg(test)]
mod testing;

pub use error::ApiError;
pub use guard::routes;
pub use handlers::{ROUTES, show_progress};
pub use route::Route;
