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
mod object;
mod request;
mod routes;
mod secret;
mod transactions;

pub use error::ApiError;
pub use guard::routes;
pub use routes::{ROUTES, Route};

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use serde::Serialize;

/// An answer in JSON, on a line of its own.
fn json(status: actix_web::http::StatusCode, answer: &impl Serialize) -> HttpResponse {
    let mut body = serde_json::to_vec(answer).expect("answers are plain data, which JSON can write");
    body.push(b'\n');
    HttpResponse::build(status).content_type(ContentType::json()).body(body)
}

/// An answer of status 200 in JSON.
fn ok(answer: &impl Serialize) -> HttpResponse {
    json(actix_web::http::StatusCode::OK, answer)
}

/// An answer of status 201 in JSON.
fn created(answer: &impl Serialize) -> HttpResponse {
    json(actix_web::http::StatusCode::CREATED, answer)
}
