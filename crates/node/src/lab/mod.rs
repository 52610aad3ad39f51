//! The lab of the web page: checks any blocks against the node's rules, and changes nothing.
//!
//! - `verdict`: what is said of a block
//! - `verify`: checks blocks one after the other, also beyond the first that breaks a rule

mod verdict;
mod verify;

pub use verdict::{Broken, Verdict};
pub use verify::verify;
