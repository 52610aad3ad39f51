//! Payments on both sides of the seam.
//!
//! `texts`: [`payment_texts`], the payments of a block, cut out of its text.

mod texts;

pub use texts::payment_texts;
