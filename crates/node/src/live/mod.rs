//! The live feed: what changes, as server-sent events for web pages.
//!
//! - `news`: what an event says
//! - `event_id`, `ring`: numbered events, and the last of them, so that a dropped connection can resume
//! - `hub`: what is shared; `subscriber`: one connection's position in it
//! - `feed`: the one feed of a node
//!
//! A listener (`listeners/live`) publishes changes of the ledger. Progress of mining and of a sync is no change: it has no
//! id, only its newest state counts, and nobody resumes it.
//!
//! An event is written once for all connections. A connection takes what is new at most ten times a second, so it may be
//! slow without delaying anybody.

mod event_id;
mod feed;
mod hub;
mod news;
mod ring;
mod subscriber;

pub use feed::LiveFeed;
pub use news::{News, Pool, State};
pub use subscriber::Subscriber;
