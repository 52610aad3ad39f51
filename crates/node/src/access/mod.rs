//! Access control: who may use which route, and from which web pages.
//!
//! Each route has an [`Access`], which [`Policy::check`] enforces. Read the files in this order:
//!
//! - `policy`: the rules, one function each
//! - `caller`: what a request says about its caller
//! - `authority` and `origin`: `host[:port]`, and the origin of a page
//! - `token` and `token_file`: the owner's token and its file
//! - `refusal` and `refusal_log`: each refusal's message, and its log line

mod authority;
mod caller;
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
