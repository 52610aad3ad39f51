//! Handlers for the web page.
//!
//! - `class`: the class board
//! - `page`: its files; `docs`: the description of the interface, and the page to try it
//! - `events`: the live feed; `progress`: the progress of mining and of a sync
//! - `lab`: verdicts on blocks

pub(super) mod class;
pub(super) mod docs;
pub(super) mod events;
pub(super) mod lab;
pub(super) mod page;
pub(super) mod progress;
