//! The origin of a page: scheme, host and port (RFC 6454).

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::authority::Authority;

/// `http://host[:port]` or `https://host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin {
    scheme: Scheme,
    /// Without the scheme's default port.
    authority: Authority,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn usual_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Origin {
    /// Whether a page of this origin comes from the server at `host`. The scheme may be either: a proxy may add TLS
    /// in front of the node.
    pub(super) fn is_at(&self, host: &Authority) -> bool {
        self.authority.is_same(host, self.scheme.usual_port())
    }

    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let mut authority = Authority::parse(rest)?;
        authority.port = authority.port.filter(|&port| port != scheme.usual_port());
        Some(Self { scheme, authority })
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shown = || text.chars().take(80).collect::<String>();
        Self::parse(text).ok_or_else(|| {
            format!(
                "{:?} is not an origin; give http://host, https://host or either with :port, and no path",
                shown()
            )
        })
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Authority { host, port } = &self.authority;
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{host}")?;
        port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_is_a_scheme_a_host_and_an_optional_port() {
        for (text, shown) in [
            ("http://localhost:8000", "http://localhost:8000"),
            ("https://Page.Example:443", "https://page.example"),
            ("http://[0::1]:80", "http://[::1]"),
            ("http://page.example:443", "http://page.example:443"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), shown);
        }
        for text in [
            "",
            "null",
            "*",
            "page.example",
            "http://",
            "http:///",
            "http://page.example/",
            "http://user@page.example",
            "HTTP://page.example",
            "ftp://page.example",
            "file://",
            "chrome-extension://abc",
            "http://a http://b",
            "http://page.example, http://localhost",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn origin_is_at_the_host_of_the_same_name_and_port() {
        let is_at =
            |origin: &str, host| origin.parse::<Origin>().unwrap().is_at(&Authority::parse(host).unwrap());
        assert!(is_at("http://localhost:5000", "LOCALHOST:5000"));
        assert!(is_at("https://ledger.example", "ledger.example"));
        assert!(is_at("https://ledger.example", "ledger.example:443"));
        assert!(is_at("http://ledger.example", "ledger.example:80"));
        assert!(!is_at("http://ledger.example", "ledger.example:443"));
        assert!(!is_at("http://localhost:8000", "localhost:5000"));
        assert!(!is_at("http://localhost", "localhost:5000"));
        assert!(!is_at("http://127.0.0.1:5000", "localhost:5000"));
    }
}
