//! Why a dial failed, in plain words. libp2p's own texts are empty or nested.

use std::{error::Error, io};

use libp2p::{Multiaddr, core::transport::TransportError, swarm::DialError};

use crate::gate::names_host;

/// Why a dial failed, with the address that was tried.
pub(crate) fn with_address(error: &DialError) -> String {
    match error {
        DialError::Transport(causes) => match causes.first() {
            Some((address, cause)) => format!("no connection to {address}: {}", innermost(address, cause)),
            None => "no address to dial".to_owned(),
        },
        DialError::WrongPeerId { address, .. } => format!("{address}: {}", why(error)),
        error => why(error),
    }
}

/// Why a dial failed.
pub(crate) fn why(error: &DialError) -> String {
    match error {
        DialError::Transport(causes) => match causes.first() {
            Some((address, cause)) => innermost(address, cause),
            None => "no address to dial".to_owned(),
        },
        DialError::WrongPeerId { obtained, .. } => format!("another node is there: {obtained}"),
        DialError::Denied { cause } => format!("not dialled: {cause}"),
        error => error.to_string(),
    }
}

/// The innermost cause, in plain words where we have some.
fn innermost(address: &Multiaddr, error: &TransportError<io::Error>) -> String {
    let (mut at, mut is_handshake): (&dyn Error, bool) = (error, false);
    while let Some(cause) = at.source() {
        at = cause;
        is_handshake |= at.to_string() == "Handshake failed";
    }
    let text = at.to_string();
    match at.downcast_ref().map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "nothing listens there (connection refused)".to_owned(),
        _ if is_handshake => format!("no libp2p handshake, is it a p2p port? ({text})"),
        None if names_host(address) && text.starts_with("no records found") => {
            "its name is unknown".to_owned()
        }
        None if names_host(address) => format!("its name cannot be looked up ({text})"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use libp2p::PeerId;

    use super::*;

    /// An error with this text, and this cause if it has one.
    #[derive(Debug)]
    struct Outer(&'static str, Option<Box<dyn Error + Send + Sync>>);

    impl fmt::Display for Outer {
        fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str(self.0)
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    fn failed(
        address: &str,
        text: &'static str,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> DialError {
        let outer = io::Error::other(Outer(text, Some(cause.into())));
        DialError::Transport(vec![(address.parse().unwrap(), TransportError::Other(outer))])
    }

    #[test]
    fn innermost_cause_is_shown() {
        let io = |kind| io::Error::from(kind);
        let named = |text| Outer(text, None);
        let (number, name) = ("/ip4/10.0.0.7/tcp/6000", "/dns/a.example/tcp/6000");
        for (address, error, says) in [
            (
                number,
                failed(number, "Multiple dial errors occurred:", io(io::ErrorKind::ConnectionRefused)),
                "nothing listens there (connection refused)",
            ),
            (
                name,
                failed(name, "Multiple dial errors occurred:", io(io::ErrorKind::HostUnreachable)),
                "host unreachable",
            ),
            (
                name,
                failed(name, "", named("no records found for Query { many things }")),
                "its name is unknown",
            ),
            (
                name,
                failed(name, "", named("no connections available")),
                "its name cannot be looked up (no connections available)",
            ),
            (
                name,
                failed(name, "Handshake failed", named("invalid data")),
                "no libp2p handshake, is it a p2p port? (invalid data)",
            ),
            (number, failed(number, "outer", named("no route")), "no route"),
        ] {
            assert_eq!(why(&error), says);
            assert_eq!(with_address(&error), format!("no connection to {address}: {says}"));
        }
    }

    #[test]
    fn other_node_is_named() {
        let (obtained, address) = (PeerId::random(), "/ip4/10.0.0.7/tcp/6000".parse().unwrap());
        let error = DialError::WrongPeerId { obtained, address };
        assert_eq!(why(&error), format!("another node is there: {obtained}"));
        assert!(with_address(&error).starts_with("/ip4/10.0.0.7/tcp/6000: another node"));
    }
}
