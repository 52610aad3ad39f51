//! What was asked: bodies, queries and paths, read so that each refusal says what is wrong.
//!
//! - `body`: the bytes of a body, within limits; `members`: the members of a JSON object in it
//! - `payment`: a payment, by the form of the rule set
//! - `not_json`: what a body is that is no JSON object
//! - `query`: what stands behind the question mark; `encoding`: whether a URL is well-formed

pub(super) mod body;
mod encoding;
mod members;
mod not_json;
pub(super) mod payment;
pub(super) mod query;

pub(super) use encoding::PathText;
pub(super) use members::Members;
