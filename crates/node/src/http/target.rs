//! The path that a request asks for, as Flask reads it.

use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;

/// Reads `//chain` as `/chain`: who joins a base address that ends in a slash with a path asks so, and Flask's server
/// answers it. Other paths stay as they are. The routes, and with them who may ask, are looked up afterwards.
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
    fn one_slash_too_many_in_front_is_left_out_and_no_other() {
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
