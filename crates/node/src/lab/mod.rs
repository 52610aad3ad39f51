//! The lab of the web page: checks any blocks against the node's rules, and changes nothing.
//!
//! - `verdict`: the verdict on a block
//! - `verify`: checks blocks one by one, even after one that breaks a rule

mod verdict;
mod verify;

pub use verdict::{Broken, Verdict};
pub use verify::verify;
