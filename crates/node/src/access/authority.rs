//! `host[:port]`, as in a `Host` header or an origin.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::Deserialize;

/// Longest host name (RFC 1035, section 2.3.4).
const MAX_NAME: usize = 253;

/// A host and an optional port. Accepts only the spelling that browsers send: no user, no zone, no trailing dot, no
/// number instead of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) host: Host,
    pub(super) port: Option<u16>,
}

/// The part before the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Name(HostName),
}

impl Authority {
    /// Parses `host[:port]`; none if the text is anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(parse_port(port)?)),
            _ => (text, None),
        };
        Some(Self { host: Host::parse(host)?, port })
    }

    /// Whether both name the same host and port. A missing port counts as `default_port`.
    pub(super) fn is_same(&self, other: &Self, default_port: u16) -> bool {
        self.host == other.host && self.port.unwrap_or(default_port) == other.port.unwrap_or(default_port)
    }
}

fn parse_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&port| digits && port > 0)
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return address.parse().ok().map(Self::V6);
        }
        text.parse().map(Self::V4).ok().or_else(|| text.parse().map(Self::Name).ok())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => write!(f, "[{address}]"),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// A host name in lower case: letters, digits, `-` and `_` between dots. Its last label is not a number: browsers
/// would read it as an IPv4 address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostName(String);

impl HostName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HostName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        let last = text.rsplit('.').next().unwrap_or_default();
        let is_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() > MAX_NAME || is_number || !text.split('.').all(label) {
            let shown: String = text.chars().take(80).collect();
            return Err(format!("{shown:?} is not a host name; give it without scheme, port or path"));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl TryFrom<String> for HostName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_browser_spellings_of_a_host_parse() {
        for text in
            ["localhost", "LOCALHOST:5000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535", "a_b-1.c"]
        {
            assert!(Authority::parse(text).is_some(), "{text}");
        }
        let long = "a".repeat(64);
        for text in [
            "",
            ":5000",
            "localhost:",
            "localhost:0",
            "localhost:65536",
            "localhost:+1",
            "localhost:5000:5000",
            "localhost.",
            "localhost..",
            ".localhost",
            "a..b",
            "user@localhost",
            "localhost/x",
            "localhost?x",
            "localhost#x",
            "http://localhost",
            "local host",
            "localhost,evil.example",
            "localhost\t",
            "::1",
            "::1:5000",
            "[::1",
            "::1]",
            "[::1]x",
            "[::1%25lo]:5000",
            "[fe80::1%eth0]",
            "[127.0.0.1]",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.0.0.01",
            "127.0.0.256",
            "a.0x7f",
            "日本",
            "local\u{0}host",
            "localhost%00",
            long.as_str(),
        ] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }

    #[test]
    fn name_has_at_most_253_bytes_in_labels_of_63() {
        let label = "a".repeat(63);
        let longest = [&*label, &label, &label, &label[..61]].join(".");
        assert_eq!(longest.len(), MAX_NAME);
        assert!(longest.parse::<HostName>().is_ok());
        assert!([&*label, &label, &label, &label[..62]].join(".").parse::<HostName>().is_err());
    }

    #[test]
    fn name_is_shown_in_lower_case() {
        let name: HostName = "Ledger.Example".parse().unwrap();
        assert_eq!((name.as_str(), &*name.to_string()), ("ledger.example", "ledger.example"));
        let refused = "http://ledger.example".parse::<HostName>().unwrap_err();
        assert!(refused.starts_with("\"http://ledger.example\" is not a host name"), "{refused}");
    }

    #[test]
    fn missing_port_means_the_default_port() {
        let parse = |text| Authority::parse(text).unwrap();
        assert!(parse("Ledger.example").is_same(&parse("ledger.example:80"), 80));
        assert!(parse("[0:0::1]:5000").is_same(&parse("[::1]:5000"), 80));
        assert!(!parse("localhost").is_same(&parse("localhost:5000"), 80));
        assert!(!parse("localhost:5000").is_same(&parse("127.0.0.1:5000"), 80));
    }
}
