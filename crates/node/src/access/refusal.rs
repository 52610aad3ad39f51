//! Refusals, each with a way out.

use super::HostName;

/// Why a request is refused. Strangers read these messages: no path, no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A page of another site.
    #[error(
        "a page of another site may not do this; use the clients or curl, or start the node with --allowed-origin and the \
         page's origin"
    )]
    ForeignPage,
    /// A browser that does not say which page asks.
    #[error(
        "this browser does not say which site the request comes from; use the clients or curl, or a browser on the node's \
         own machine at http://localhost"
    )]
    SilentBrowser,
    /// A request to another host.
    #[error(
        "{0} is not known as a name of this node; use its IP address, or start it with --allowed-host {0}"
    )]
    ForeignHost(HostName),
    /// A request without exactly one host.
    #[error("cannot tell which host the request is for; send one Host header, such as localhost:5000")]
    NoHost,
    /// A caller on another machine.
    #[error(
        "only the owner of the node may do this: ask on the node's own machine at localhost, or send {0}"
    )]
    Stranger(String),
    /// The token is required and missing.
    #[error("the owner's token is needed here: send {0}")]
    NoToken(String),
    /// The token is wrong.
    #[error("the token is not this node's: send {0}")]
    WrongToken(String),
}
