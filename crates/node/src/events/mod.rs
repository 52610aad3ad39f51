//! Changes of the ledger as events: each change of chain, pool and peers once, in order.
//!
//! - `event`: one change
//! - `stream`: sending and hearing events
//!
//! A listener starts to listen, then reads the ledger, then waits for events in a loop. In this order it misses nothing.
//! It listens to one channel, since two channels have no common order. Events hold no texts, which bounds the memory of
//! the queue; a listener reads the texts that it needs.

mod event;
mod stream;

pub use event::{Change, Event, Origin, Source};
pub use stream::{Events, Feed, Heard, Listener};
