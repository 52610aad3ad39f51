//! The description of the HTTP interface for programs, as OpenAPI 3.1.
//!
//! - `endpoint`: one endpoint's requests and answers; each handler's file describes its route
//! - `shapes`: blocks and payments, which the handlers write as texts
//! - `document`: the whole description, built from the table of routes

mod document;
mod endpoint;
pub(super) mod shapes;

pub(super) use document::{Document, document};
pub(super) use endpoint::{Endpoint, of_format, pattern, string, whole};
