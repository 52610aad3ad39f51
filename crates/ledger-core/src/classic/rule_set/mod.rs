//! The classic rules behind the [seam](crate::seam).
//!
//! 1. `block`: a block as the seam sees it; `glance`: the beginning of its text.
//! 2. `payment`: payments as users send them and stores keep them.
//! 3. `assemble`: [`assemble`], the one place that builds a block.
//! 4. `classic`: [`Classic`], the rule set.
//! 5. `registration`: [`REGISTRATION`], its name and constructor.

mod assemble;
mod block;
mod classic;
mod glance;
mod payment;
mod registration;

pub use assemble::assemble;
pub use classic::{Classic, Draft};
pub use registration::REGISTRATION;
