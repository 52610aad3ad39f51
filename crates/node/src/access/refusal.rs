//! What is refused, and what can be done about it.

use super::HostName;

/// Why a request is refused. The sentences are read by strangers: no path, no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A page of another site asks.
    #[error(
        "a page of another site may not do this; use the clients or curl, or start the node with --allowed-origin and the \
         page's origin"
    )]
    ForeignPage,
    /// A browser asks without telling for which page.
    #[error(
        "this browser does not tell which site's page asks, so it may be any; use the clients or curl, or a browser on the \
         node's own machine at http://localhost"
    )]
    SilentBrowser,
    /// The request is for another host.
    #[error(
        "{0} is not known as a name of this node; use its IP address, or start it with --allowed-host {0}"
    )]
    ForeignHost(HostName),
    /// The request is for no host, or not for exactly one.
    #[error("the request does not say clearly for which host it is; send one Host header, as localhost:5000")]
    NoHost,
    /// Somebody else's machine asks.
    #[error(
        "only the owner of the node may do this: ask on the node's own machine at localhost, or send {0}"
    )]
    Stranger(String),
    /// The token is asked for, and missing.
    #[error("the owner's token is needed here: send {0}")]
    NoToken(String),
    /// The token is another.
    #[error("the token is not this node's: send {0}")]
    WrongToken(String),
}
