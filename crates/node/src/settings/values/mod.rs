//! What a single setting may be, and the sentence that refuses anything else.
//!
//! - `port`, `host`: where to listen
//! - `difficulty`, `reward`: the rules
//! - `threads`, `seconds`, `size`: how much
//! - `owner`, `request_log`: a choice of words
//! - `text`: what a flag says without a text, or as it is

mod difficulty;
mod host;
mod owner;
mod port;
mod request_log;
mod reward;
mod seconds;
mod size;
mod text;
mod threads;

pub use difficulty::difficulty;
pub use host::host;
pub use owner::owner;
pub use port::port;
pub use request_log::RequestLog;
pub use reward::Reward;
pub use seconds::Seconds;
pub use size::Size;
pub(super) use text::{flag, list, path};
pub use threads::Threads;
