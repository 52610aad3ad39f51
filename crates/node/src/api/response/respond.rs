//! Answers with plain data.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use serde::Serialize;

/// An answer in JSON, on its own line.
fn json(status: StatusCode, answer: &impl Serialize) -> HttpResponse {
    let mut body = serde_json::to_vec(answer).expect("answers are plain data, which JSON can write");
    body.push(b'\n');
    HttpResponse::build(status).content_type(ContentType::json()).body(body)
}

/// An answer with status 200 in JSON.
pub(in crate::api) fn ok(answer: &impl Serialize) -> HttpResponse {
    json(StatusCode::OK, answer)
}

/// An answer with status 201 in JSON.
pub(in crate::api) fn created(answer: &impl Serialize) -> HttpResponse {
    json(StatusCode::CREATED, answer)
}
