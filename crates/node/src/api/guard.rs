//! Registers the routes, each behind its access check, answers wrong methods and unknown paths, and counts all answers.

use std::time::Instant;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::ContentType;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError, guard};

use ledger_core::Printable;

use super::doc::document;
use super::handlers::ROUTES;
use super::route::Route;
use super::{ApiError, cors};
use crate::access::Access;
use crate::http::Cost;
use crate::metrics::{RequestMetrics, RouteMetrics};
use crate::node::Node;

/// Adds all routes to a server.
pub fn routes(config: &mut ServiceConfig, metrics: &RequestMetrics) {
    config.app_data(Data::new(document(ROUTES)));
    // Fixed paths come first: they are compared as text, the others by regular expressions.
    let (patterns, fixed): (Vec<&'static Route>, Vec<_>) =
        ROUTES.iter().partition(|route| route.pattern.contains('{'));
    for route in fixed.into_iter().chain(patterns) {
        let takes = guard::fn_guard(|context| route.methods.contains(&context.head().method.as_str()));
        let answers = guard::fn_guard(|context| (route.answers)(context));
        let resource = web::resource(route.pattern)
            .route((route.handler)().guard(takes).guard(answers))
            .default_service(web::to(move |request| unanswered(request, route)));
        let resource = resource.wrap(from_fn(move |request, next| checked(route, request, next)));
        let metrics = metrics.route(route.path);
        config.service(resource.wrap(from_fn(move |request, next| counted(metrics.clone(), request, next))));
    }
    let metrics = metrics.unknown();
    let unknown =
        web::to(nothing).wrap(from_fn(move |request, next| counted(metrics.clone(), request, next)));
    config.default_service(unknown);
}

/// Answers a request and counts the answer. A request that its client broke off is not counted.
async fn counted<B: MessageBody>(
    metrics: RouteMetrics,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let began = Instant::now();
    let answer = next.call(request).await?;
    metrics.answered(answer.status().as_u16(), began.elapsed());
    Ok(answer)
}

/// Checks rate and access, then answers a request. Methods that the route does not take do nothing and need no check.
async fn checked<B: MessageBody>(
    route: &'static Route,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    let node = request.app_data::<Data<Node>>().expect("the server has its node").clone();
    let is_taken = route.methods.contains(&request.method().as_str());
    let (access, cost) = if is_taken { (route.access, route.cost) } else { (Access::Read, Cost::Usual) };
    let mut answer = match admit(&node, request.request(), access, cost) {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(refused) => request.into_response(refused.error_response()).map_into_right_body(),
    };
    cors::let_read(&node.policy, &mut answer);
    Ok(answer)
}

fn admit(node: &Node, request: &HttpRequest, access: Access, cost: Cost) -> Result<(), ApiError> {
    limit(node, request, cost)?;
    Ok(node.policy.check(access, request)?)
}

/// Takes the cost of a request from its client's budget. A client with the owner's token has no limit.
fn limit(node: &Node, request: &HttpRequest, cost: Cost) -> Result<(), ApiError> {
    let Some(client) = request.peer_addr() else { return Ok(()) };
    match node.guards.rates.take(client.ip(), cost) {
        Err(too_many) if !node.policy.has_token(request) => {
            node.guards.rates.refuse();
            Err(too_many.into())
        }
        _ => Ok(()),
    }
}

async fn unanswered(request: HttpRequest, route: &Route) -> Result<HttpResponse, ApiError> {
    if route.methods.contains(&request.method().as_str()) {
        unknown().await
    } else {
        Ok(wrong_method(&request, route))
    }
}

fn wrong_method(request: &HttpRequest, route: &Route) -> HttpResponse {
    let allow = route.allow();
    if request.method() == Method::OPTIONS {
        return HttpResponse::Ok().insert_header(("Allow", allow)).finish();
    }
    let (path, method) = (Printable::foreign(request.path()), Printable::foreign(request.method()));
    let says = format!("{path} takes {allow}, not {method}");
    HttpResponse::MethodNotAllowed()
        .insert_header(("Allow", allow))
        .content_type(ContentType::plaintext())
        .body(says)
}

/// Answers a request for a path without a route.
async fn nothing(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    limit(&node, &request, Cost::Usual)?;
    unknown().await
}

async fn unknown() -> Result<HttpResponse, ApiError> {
    let paths: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    Err(ApiError::NotFound(format!("there is nothing here; try {}", paths.join(", "))))
}

#[cfg(test)]
mod tests;
