//! Why a dial failed, in plain words. libp2p's own texts are empty or nested.

use std::{error::Error, io};

use libp2p::{core::transport::TransportError, swarm::DialError};

/// Why a dial failed, with the address that was tried.
pub(crate) fn with_address(error: &DialError) -> String {
    match error {
        DialError::Transport(causes) => match causes.first() {
            Some((address, cause)) => format!("no connection to {address}: {}", innermost(cause)),
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
            Some((_, cause)) => innermost(cause),
            None => "no address to dial".to_owned(),
        },
        DialError::WrongPeerId { obtained, .. } => format!("another node is there: {obtained}"),
        DialError::Denied { cause } => format!("not dialled: {cause}"),
        error => error.to_string(),
    }
}

/// The cause behind all others, in plain words where there are some.
fn innermost(error: &TransportError<io::Error>) -> String {
    let mut at: &dyn Error = error;
    let mut is_handshake = false;
    while let Some(cause) = at.source() {
        at = cause;
        is_handshake |= at.to_string() == "Handshake failed";
    }
    let text = at.to_string();
    match at.downcast_ref().map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "nothing listens there (connection refused)".to_owned(),
        _ if is_handshake => format!("no libp2p handshake, is it a p2p port? ({text})"),
        _ if text.starts_with("no records found") => "its name is unknown".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use libp2p::{Multiaddr, PeerId};

    use super::*;

    /// An error that names its cause, if it has one, and not itself.
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

    fn address() -> Multiaddr {
        "/ip4/10.0.0.7/tcp/6000".parse().unwrap()
    }

    fn failed(text: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> DialError {
        let outer = io::Error::other(Outer(text, Some(cause.into())));
        DialError::Transport(vec![(address(), TransportError::Other(outer))])
    }

    #[test]
    fn cause_behind_all_others_is_told() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let unknown = Outer("no records found for Query { many things }", None);
        for (error, says) in [
            (failed("Multiple dial errors occurred:", refused), "nothing listens there (connection refused)"),
            (failed("DNS error", unknown), "its name is unknown"),
            (
                failed("Handshake failed", io::Error::other("invalid data")),
                "no libp2p handshake, is it a p2p port? (invalid data)",
            ),
            (failed("outer", Outer("no route", None)), "no route"),
        ] {
            assert_eq!(why(&error), says);
            assert_eq!(with_address(&error), format!("no connection to /ip4/10.0.0.7/tcp/6000: {says}"));
        }
    }

    #[test]
    fn other_node_is_named() {
        let obtained = PeerId::random();
        let error = DialError::WrongPeerId { obtained, address: address() };
        assert_eq!(why(&error), format!("another node is there: {obtained}"));
        assert!(with_address(&error).starts_with("/ip4/10.0.0.7/tcp/6000: another node"));
    }
}
