//! The address of another node.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data_model::FromText;
use crate::printable::Printable;

/// A node's address as `host:port`, parsed from that or from `http://host:port` (tutorial, section 8.1).
///
/// The host is a name, an IPv4 address or an IPv6 address in brackets. Names are kept in lower case.
///
/// # Examples
///
/// ```
/// use ledger_core::NodeAddress;
///
/// let address: NodeAddress = "http://LocalHost:5001/".parse()?;
/// assert_eq!(address.to_string(), "localhost:5001");
/// assert_eq!((address.host(), address.port()), ("localhost", 5001));
/// assert!("https://localhost:5001".parse::<NodeAddress>().is_err());
/// # Ok::<(), ledger_core::NodeAddressError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeAddress {
    text: String,
    host_length: usize,
    port: u16,
}

/// A text that is neither `http://host:port` nor `host:port`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is not the address of a node; give http://host:port or host:port", Printable::foreign(.0))]
pub struct NodeAddressError(String);

/// Maximum characters of a host name (RFC 1035, section 2.3.4).
const MAX_HOST: usize = 253;

impl NodeAddress {
    /// The host; an IPv6 address has its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.text[..self.host_length]
    }

    /// The port, 1 to 65535.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address as `host:port`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn parse(text: &str) -> Option<Self> {
        let authority =
            text.strip_prefix("http://").map_or(text, |rest| rest.strip_suffix('/').unwrap_or(rest));
        let (host, port) = authority.rsplit_once(':')?;
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        let port: u16 = port.parse().ok().filter(|&port| digits && port > 0)?;
        let host = host.to_ascii_lowercase();
        is_host(&host).then(|| Self { text: format!("{host}:{port}"), host_length: host.len(), port })
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= MAX_HOST && host.split('.').all(label)
}

impl FromStr for NodeAddress {
    type Err = NodeAddressError;

    fn from_str(text: &str) -> Result<Self, NodeAddressError> {
        Self::parse(text).ok_or_else(|| NodeAddressError(text.chars().take(MAX_HOST + 16).collect()))
    }
}

impl fmt::Display for NodeAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Written as `host:port`.
impl Serialize for NodeAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for NodeAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::expecting("host:port"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_has_its_host_and_port() {
        let address: NodeAddress = "http://[::1]:5001/".parse().unwrap();
        assert_eq!((address.host(), address.port()), ("[::1]", 5001));
    }

    #[test]
    fn host_name_may_have_hyphens_and_underscores() {
        assert_eq!("a-b_c.d-e:1".parse::<NodeAddress>().unwrap().host(), "a-b_c.d-e");
    }

    #[test]
    fn refused_text_is_cut_after_the_longest_address() {
        let refused = "x".repeat(1_000).parse::<NodeAddress>();
        assert_eq!(refused, Err(NodeAddressError("x".repeat(253 + 16))));
    }
}
