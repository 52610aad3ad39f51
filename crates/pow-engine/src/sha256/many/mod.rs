//! Hashes many texts, sixteen in parallel.

mod lane;
mod messages;
mod texts;

pub(super) use texts::hashes;
