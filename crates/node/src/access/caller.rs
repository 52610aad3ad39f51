//! What a request says about its caller. All of it may be missing, doubled or nonsense.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN, USER_AGENT};

use super::authority::Authority;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A request, as the access rules see it.
pub(super) struct Caller<'a>(pub(super) &'a HttpRequest);

/// A header that may occur once at most.
pub(super) enum Single<'a> {
    Missing,
    One(&'a str),
    /// More than one value, or not text.
    Unclear,
}

/// The site that a request comes from, according to the browser (Fetch Metadata).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// No header: not a browser, or one that omits it.
    NotGiven,
    /// The node's own page, or a typed address.
    Own,
    /// A page of another site, whatever the header's value.
    Foreign,
}

impl<'a> Caller<'a> {
    fn single(&self, name: &HeaderName) -> Single<'a> {
        let mut values = self.0.headers().get_all(name);
        match (values.next(), values.next()) {
            (None, _) => Single::Missing,
            (Some(value), None) => value.to_str().map_or(Single::Unclear, Single::One),
            (Some(_), Some(_)) => Single::Unclear,
        }
    }

    pub(super) fn origin(&self) -> Single<'a> {
        self.single(&ORIGIN)
    }

    /// The host that the client means to reach; none if it is missing or unclear. A request target with a host of
    /// its own, as sent to proxies, must name the same.
    pub(super) fn host(&self) -> Option<Authority> {
        let Single::One(text) = self.single(&HOST) else { return None };
        let target = self.0.uri().authority();
        if target.is_some_and(|target| !target.as_str().eq_ignore_ascii_case(text)) {
            return None;
        }
        Authority::parse(text)
    }

    pub(super) fn site(&self) -> Site {
        match self.single(&SEC_FETCH_SITE) {
            Single::Missing => Site::NotGiven,
            Single::One("same-origin" | "none") => Site::Own,
            Single::One(_) | Single::Unclear => Site::Foreign,
        }
    }

    /// Whether the client is a browser. The `User-Agent` of every browser starts with `Mozilla/`, and a page of another
    /// site cannot change it without a preflight. PowerShell's does too, but it is no browser.
    pub(super) fn is_browser(&self) -> bool {
        let agent = match self.single(&USER_AGENT) {
            Single::Missing => return false,
            Single::One(agent) => agent,
            Single::Unclear => return true,
        };
        agent.starts_with("Mozilla/") && !agent.contains("PowerShell/")
    }

    /// Whether the connection comes from this machine, whatever the headers say.
    pub(super) fn is_loopback(&self) -> bool {
        self.0.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
    }

    /// The token of `Authorization: Bearer TOKEN` (RFC 6750, section 2.1).
    pub(super) fn token(&self) -> Option<&'a str> {
        let Single::One(text) = self.single(&AUTHORIZATION) else { return None };
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start_matches(' '))
    }
}

/// The client, for a log line.
pub(super) fn shown(client: Option<IpAddr>) -> String {
    client.map_or_else(|| "an unknown client".into(), |client| client.to_canonical().to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn host_in_the_target_must_match_the_header() {
        for (target, host, known) in [
            ("/mine", "localhost:5000", true),
            ("http://localhost:5000/mine", "localhost:5000", true),
            ("http://LocalHost:5000/mine", "localhost:5000", true),
            ("http://evil.example/mine", "localhost:5000", false),
            ("http://localhost/mine", "localhost:5000", false),
            ("/mine", "localhost:", false),
        ] {
            let request = TestRequest::with_uri(target).insert_header((HOST, host)).to_http_request();
            assert_eq!(Caller(&request).host().is_some(), known, "{target}, {host}");
        }
    }

    #[test]
    fn header_that_is_not_text_is_unclear() {
        let request = TestRequest::default().insert_header((ORIGIN, &b"\xff"[..])).to_http_request();
        assert!(matches!(Caller(&request).origin(), Single::Unclear));
    }

    #[test]
    fn client_is_shown_by_its_shortest_address() {
        assert_eq!(shown("::ffff:192.0.2.7".parse().ok()), "192.0.2.7");
        assert_eq!(shown(None), "an unknown client");
    }
}
