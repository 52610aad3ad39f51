//! Reads a request's path as Flask does.

use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;

/// Reads `//chain` as `/chain`, as Flask's server does. Clients send it when they append a path to an address that ends
/// in a slash. Other paths stay as they are. Routing and access checks follow.
pub(super) fn join(request: &mut ServiceRequest) {
    let Some(joined) = joined(request.uri()) else { return };
    request.match_info_mut().get_mut().update(&joined);
    request.head_mut().uri = joined;
}

fn joined(uri: &Uri) -> Option<Uri> {
    let target = uri.path_and_query()?.as_str().strip_prefix('/')?;
    if !target.starts_with('/') || target.starts_with("//") {
        return None;
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_surplus_leading_slash_is_dropped() {
        let read = |target: &str| joined(&target.parse().unwrap()).map(|uri| uri.to_string());
        for (target, path) in [
            ("//chain", "/chain"),
            ("//chain?from=2", "/chain?from=2"),
            ("//transactions/new", "/transactions/new"),
            ("//addresses//a", "/addresses//a"),
            ("http://localhost:5000//mine", "http://localhost:5000/mine"),
        ] {
            assert_eq!(read(target).as_deref(), Some(path), "{target}");
        }
        for target in ["/chain", "/", "///chain", "////chain", "/chain/", "/chain//", "/nodes//resolve", "*"]
        {
            assert_eq!(read(target), None, "{target}");
        }
    }
}
