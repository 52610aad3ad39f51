//! Proof of work: the puzzle a block poses to whoever wants to follow it (tutorial, section 3.4), and the search for
//! its solution.
//!
//! In which order to read: `puzzle`; `target` and `work`, what the search knows of it; `guess`, one attempt, and
//! `portable`, one attempt after the other; `simd`, many at a time; `engine`, which of these is used; `search`.

mod engine;
mod guess;
mod portable;
mod puzzle;
mod search;
#[cfg(target_arch = "x86_64")]
mod simd;
mod target;
mod work;

pub use engine::{Engine, EngineError};
pub use puzzle::Puzzle;
pub use search::Search;
pub use target::Target;
pub use work::Work;
