//! An address or name to listen on.

use std::net::{Ipv6Addr, SocketAddr};

/// Parses an address or name.
///
/// # Errors
///
/// A message for an empty text, a URL, or an address with a port.
pub(in crate::settings) fn host(text: &str) -> Result<String, String> {
    let has_port = text.parse::<SocketAddr>().is_ok() || text.matches(':').count() == 1;
    if text.is_empty() || text.contains('/') || has_port {
        return Err(format!(
            "host must be an address or a name of this machine, such as 127.0.0.1, without http:// and port, not {text:?}"
        ));
    }
    Ok(without_brackets(text).to_owned())
}

/// An IPv6 address without the brackets that it has in URLs.
fn without_brackets(text: &str) -> &str {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inner.filter(|inner| inner.parse::<Ipv6Addr>().is_ok()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_has_no_port_and_is_no_url() {
        for text in ["127.0.0.1", "::1", "localhost"] {
            assert_eq!(host(text).unwrap(), text);
        }
        assert_eq!(host("[::1]").unwrap(), "::1");
        assert_eq!(host("[localhost]").unwrap(), "[localhost]");
        for text in ["", "127.0.0.1:80", "[::1]:80", "localhost:80", "//localhost", "http://localhost"] {
            assert!(host(text).unwrap_err().ends_with(&format!("not {text:?}")), "{text}");
        }
    }
}
