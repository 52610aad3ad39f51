//! The live feed: changes as server-sent events for web pages.
//!
//! - `news`: the content of an event
//! - `event_id`, `ring`: numbered events, and a buffer of the last ones, so that a dropped connection can resume
//! - `hub`: the shared state; `subscriber`: one connection's position in it
//! - `feed`: the one feed of a node
//!
//! A listener (`listeners/live`) publishes changes of the ledger. Progress of mining and of a sync is not a change: it has
//! no id, only its newest state counts, and nobody resumes it.
//!
//! An event is written once for all connections. A connection reads new events at most ten times a second, so a slow one delays
//! nobody.

mod event_id;
mod feed;
mod hub;
mod news;
mod ring;
mod subscriber;

pub use feed::LiveFeed;
pub use news::{News, Pool, State};
pub use subscriber::Subscriber;
