//! Which pages of other sites may see an answer: Cross-Origin Resource Sharing, for origins that the owner has named.

use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, HeaderMap, HeaderValue, VARY,
};

use crate::access::Policy;

/// Lets the requesting page see the answer if the owner named its origin. A preflight (OPTIONS) also learns what the page may
/// send.
pub(super) fn let_read<B>(policy: &Policy, answer: &mut ServiceResponse<B>) {
    if !policy.has_readers() {
        return;
    }
    let reader = policy
        .reader(answer.request())
        .map(|origin| HeaderValue::try_from(origin.to_string()).expect("an origin is visible ASCII"));
    let is_preflight = answer.request().method() == Method::OPTIONS;
    let headers = answer.headers_mut();
    // A cache must not give one page's answer to another page.
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let Some(reader) = reader else { return };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, reader);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("ETag"));
    if is_preflight {
        permit(headers);
    }
}

fn permit(headers: &mut HeaderMap) {
    if let Some(methods) = headers.get(ALLOW).cloned() {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    let sent = HeaderValue::from_static("Authorization, Content-Type, If-None-Match");
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, sent);
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
}
