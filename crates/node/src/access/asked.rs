//! What a request tells about who asks. All of it may be missing, doubled or nonsense.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN, USER_AGENT};

use super::authority::Authority;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A request, as the rules look at it.
pub(super) struct Asked<'a>(pub(super) &'a HttpRequest);

/// A header that must be there once at the most.
pub(super) enum Single<'a> {
    Missing,
    One(&'a str),
    /// More than one, or no readable text.
    Unclear,
}

/// From which site a browser says that a request comes (Fetch Metadata).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// It says nothing, or is no browser.
    Unsaid,
    /// From the node's own page, or from a person who typed the address.
    Own,
    /// From a page of another site, whatever the word for it.
    Foreign,
}

impl<'a> Asked<'a> {
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

    /// The host the client believes to ask; none if it is missing or unclear. A target with a host of its own, as proxies
    /// get it, must name the same.
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
            Single::Missing => Site::Unsaid,
            Single::One("same-origin" | "none") => Site::Own,
            Single::One(_) | Single::Unclear => Site::Foreign,
        }
    }

    /// Whether a browser asks. All of them begin their name so, and no page of another site can change it unasked.
    /// PowerShell does too, and is none.
    pub(super) fn is_browser(&self) -> bool {
        let agent = match self.single(&USER_AGENT) {
            Single::Missing => return false,
            Single::One(agent) => agent,
            Single::Unclear => return true,
        };
        agent.starts_with("Mozilla/") && !agent.contains("PowerShell/")
    }

    /// Whether this machine asks: the address of the connection, whatever a header says of others.
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

/// The client in a line of the log.
pub(super) fn shown(client: Option<IpAddr>) -> String {
    client.map_or_else(|| "an unknown client".into(), |client| client.to_canonical().to_string())
}
