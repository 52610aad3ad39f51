//! Who may make which request: the owner, anybody, or nobody because a page of another site asks.
//!
//! A route has an [`Access`]; [`Policy::check`] enforces it. In which order to read:
//!
//! - `policy`: the rules, one function each
//! - `asked`: what a request tells about who asks
//! - `authority` and `origin`: `host[:port]`, and the origin of a page
//! - `token` and `token_file`: the owner's token, and where it is kept
//! - `refusal`: what is refused, in a sentence each, and its line in the log

mod asked;
mod authority;
mod origin;
mod policy;
mod refusal;
mod refusal_log;
mod token;
mod token_file;

pub use authority::HostName;
pub use origin::Origin;
pub use policy::{Access, OwnerRule, Policy};
pub use refusal::Refusal;
pub use token::OwnerToken;
pub use token_file::TokenFileError;
pub(crate) use token_file::{create as create_token, find as find_token, read as read_token};
