//! What changed in the ledger, told to whoever listens: each change of chain, pool and peers once, in order.
//!
//! - `event`: one change
//! - `stream`: sending and hearing them
//!
//! A listener begins to listen first, then reads what it needs, then waits for the next event in a loop: so it misses
//! nothing. It listens to one channel: of two, it could not tell which event came first. Events hold no texts, since a bounded
//! number of blocks is no bounded number of bytes; who wants one reads it.

mod event;
mod stream;

pub use event::{Change, Event, Origin, Source};
pub use stream::{Events, Feed, Heard, Listener};
