//! `GET /openapi.json`: the description of the HTTP interface for programs; `GET /docs`: a page to try it.

use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::page;
use crate::api::ApiError;
use crate::api::doc::{Document, Endpoint};

/// Answers the description.
pub(in crate::api::handlers) async fn openapi(document: Data<Document>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.content_type(ContentType::json()).insert_header((CACHE_CONTROL, "no-cache"));
    answer.body(document.0.clone())
}

/// Answers the page.
pub(in crate::api::handlers) async fn docs(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    page::document(&request, "docs.html")
}

pub(in crate::api::handlers) fn openapi_doc() -> Endpoint {
    Endpoint::new("OpenAPI 3.1.").json::<Value>(200, "This description.")
}

pub(in crate::api::handlers) fn docs_doc() -> Endpoint {
    Endpoint::new("").text(200, "text/html", "The page.").empty(304, "The client has it.")
}
