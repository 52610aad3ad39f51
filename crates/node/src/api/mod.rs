//! The HTTP interface: one file for each resource, and the table of all routes here.
//!
//! Handlers are short: parse, call, answer. [`ApiError`] turns every failure into a status and a sentence.

mod addresses;
mod blocks;
mod body;
mod chain;
mod encoding;
mod error;
mod kept;
mod members;
mod mine;
mod nodes;
mod query;
mod secret;
mod transactions;

pub use error::ApiError;
pub use kept::Answers;

use actix_web::http::Method;
use actix_web::http::header::ContentType;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard};
use ledger_core::{Printable, Transaction, canonical};
use serde::Serialize;
use serde_json::value::RawValue;

/// All routes: the tutorial's (sections 4, 7.1 and 8.3), and reads of less than the whole chain.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(read("/chain", web::route().to(chain::chain)))
        .service(read("/mine", web::route().to(mine::mine)))
        .service(read("/mine/progress", web::route().to(mine::progress)))
        .service(read("/transactions", web::route().to(transactions::pool)))
        .service(write("/transactions/new", web::route().to(transactions::submit)))
        .service(read("/nodes", web::route().to(nodes::list)))
        .service(write("/nodes/register", web::route().to(nodes::register)))
        .service(read("/nodes/resolve", web::route().to(nodes::resolve)))
        .service(read("/secret", web::route().to(secret::secret)))
        .service(read("/blocks/{which}", web::route().to(blocks::block)))
        .service(read("/addresses/{address:.*}", web::route().to(addresses::address)))
        .default_service(web::to(unknown));
}

/// Flask answers HEAD wherever it answers GET, and so does a node.
fn read(path: &str, route: Route) -> Resource {
    resource(path, route.guard(guard::Any(guard::Get()).or(guard::Head())), "GET, HEAD")
}

fn write(path: &str, route: Route) -> Resource {
    resource(path, route.guard(guard::Post()), "POST")
}

fn resource(path: &str, route: Route, allowed: &'static str) -> Resource {
    web::resource(path).route(route).route(
        web::route()
            .guard(guard::fn_guard(|_| true))
            .to(move |request: HttpRequest| wrong_method(request, allowed)),
    )
}

async fn wrong_method(request: HttpRequest, allowed: &'static str) -> HttpResponse {
    if request.method() == Method::OPTIONS {
        return HttpResponse::Ok().insert_header(("Allow", allowed)).finish();
    }
    let says = format!(
        "{} takes {allowed}, not {}",
        Printable::foreign(request.path()),
        Printable::foreign(request.method())
    );
    HttpResponse::MethodNotAllowed()
        .insert_header(("Allow", allowed))
        .content_type(ContentType::plaintext())
        .body(says)
}

async fn unknown() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound(
        "there is nothing here; try /chain, /mine, /mine/progress, /transactions, /transactions/new, /nodes, \
         /nodes/register, /nodes/resolve, /secret, /blocks/latest or /addresses/ADDRESS"
            .into(),
    ))
}

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

/// Transactions as JSON in canonical form, so that a float reads as a Python node would write it.
fn transactions_json<'a>(transactions: impl Iterator<Item = &'a Transaction>) -> Box<RawValue> {
    let texts: Vec<String> = transactions.map(canonical::transaction_text).collect();
    RawValue::from_string(format!("[{}]", texts.join(", "))).expect("canonical texts are JSON")
}
