//! Reads bodies, queries and paths, so that each refusal says what is wrong.
//!
//! - `body`: a body within limits; `members`: the members of its JSON object
//! - `payment`: a payment in the form of the rule set
//! - `not_json`: what a body is if it is not JSON
//! - `query`: query parameters; `encoding`: whether a URL is well-formed

pub(super) mod body;
mod encoding;
mod members;
mod not_json;
pub(super) mod payment;
pub(super) mod query;

pub(super) use encoding::PathText;
pub(super) use members::Members;
