//! The HTTP interface.
//!
//! - `handlers/`: one file for each resource, and the table of all routes; `route`: what a route is
//! - `request/`, `response/`: what was asked, and answers
//! - `guard`, `cors`: each route behind the check of who may ask, and which pages see the answers
//! - `doc/`: the description of the interface for programs
//! - `error`: [`ApiError`] turns every failure into a status and a sentence

mod cors;
mod doc;
mod error;
mod guard;
mod handlers;
mod request;
mod response;
mod route;

pub use error::ApiError;
pub use guard::routes;
pub use handlers::{ROUTES, show_mining};
pub use route::Route;
