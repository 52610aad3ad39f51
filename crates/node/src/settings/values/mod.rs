//! The types of values, each with its message for anything else.
//!
//! - `listen/`: where to listen, and the node's label
//! - `rules`, `difficulty`, `reward`: the rules, and the name of the network
//! - `threads`, `seconds`, `size`, `rate`: quantities
//! - `owner`, `request_log`: keywords
//! - `text`: switches, paths and lists in a file or variable

mod difficulty;
mod listen;
mod owner;
mod rate;
mod request_log;
mod reward;
mod rules;
mod seconds;
mod size;
mod text;
mod threads;

pub(super) use difficulty::difficulty;
pub use listen::NodeName;
pub(super) use listen::{host, port};
pub(super) use owner::owner;
pub(super) use rate::rate;
pub use request_log::RequestLog;
pub use reward::Reward;
pub(super) use rules::{network, rules};
pub(super) use seconds::seconds;
pub use size::Size;
pub(super) use text::{list, path, truth};
pub use threads::Threads;
