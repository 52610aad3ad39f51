//! The hashes of many texts, sixteen beside each other.

mod lane;
mod messages;
mod texts;

pub(super) use texts::hashes;
