//! What the web page needs.
//!
//! - `page`: its files; `docs`: the description of the interface, and the page to try it
//! - `events`: the live feed; `progress`: of mining and of a sync, for the feed
//! - `lab`: verdicts on blocks

pub(super) mod docs;
pub(super) mod events;
pub(super) mod lab;
pub(super) mod page;
pub(super) mod progress;
