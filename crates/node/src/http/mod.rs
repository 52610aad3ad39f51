//! What a client may cost: connections, memory and places are bounded, and those who hold them without use lose them.
//!
//! - `usage`: what one connection costs at this moment
//! - `line`: the connection itself, which notes that and can be cut off
//! - `connections`: all of them, how many from whom, and which one makes room for another
//! - `answer`: what is done around every request; `target`: the path it asks for
//! - `gate`: places for what is dear, of which the slowest client loses its own when others wait
//! - `watch`: looks at all of it four times a second
//! - `descriptors`: how many connections fit the limit of open files
//! - `request_log`, `bucket`: a line of the log for each request, of a flood only some
//! - `refusal`: a client for which there is no room
//! - `serve`: the server that is made of it

mod answer;
mod bucket;
mod connections;
mod descriptors;
mod gate;
mod line;
mod refusal;
mod request_log;
mod serve;
mod target;
mod usage;
mod watch;

pub use connections::{Bounds, Connections};
pub use descriptors::check as check_descriptors;
pub use gate::{Busy, Gate, Pass};
pub use serve::start;
pub use usage::Usage;

use request_log::RequestLog;

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{ContentType, RETRY_AFTER};
use actix_web::{HttpResponse, body::BoxBody};

/// Answers of many pages that are sent at a time.
const LONG_ANSWERS: u32 = 32;

/// KiB of answers in one piece that wait to be sent, of all connections together.
const OUTSTANDING: u32 = 64 << 10;

/// Versions of the answer of `/transactions` that are in memory: each is as long as the pool.
const POOL_ANSWERS: u32 = 3;

/// Reads of the index of payments at a time, so that they leave the processor to others.
const ADDRESSES: u32 = 2;

/// How many requests may wait for a place of one kind, a quarter of them from one address.
const QUEUE: usize = 128;

/// How long they may.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// After how many seconds a client that finds no place may ask again: the header `Retry-After`.
pub const RETRY: u32 = 1;

/// All bounds on clients.
#[derive(Debug)]
pub struct Guards {
    connections: Arc<Connections>,
    requests: Arc<RequestLog>,
    outstanding: Gate,
    /// Answers that are too long for one piece.
    pub long_answers: Gate,
    /// The answers of `/transactions`, each of which may be held by many clients.
    pub pool_answers: Gate,
    /// Reads of the index of payments.
    pub addresses: Gate,
}

impl Guards {
    /// The bounds of this process, and whether its log has a line for each request.
    pub fn new(has_request_log: bool) -> Self {
        let gate = |places| Gate::new(places, QUEUE, PATIENCE);
        Self {
            connections: Arc::new(Connections::new(descriptors::bounds())),
            requests: Arc::new(RequestLog::new(has_request_log)),
            outstanding: gate(OUTSTANDING),
            long_answers: gate(LONG_ANSWERS),
            pool_answers: gate(POOL_ANSWERS),
            addresses: gate(ADDRESSES),
        }
    }

    fn gates(&self) -> impl Iterator<Item = &Gate> {
        [&self.outstanding, &self.long_answers, &self.pool_answers].into_iter()
    }
}

/// The sentence for a client that finds no place.
pub const OVERLOADED: &str = "overloaded: too many clients; retry later";

/// The answer to a client that finds no place.
fn busy() -> HttpResponse<BoxBody> {
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, RETRY))
        .content_type(ContentType::plaintext())
        .body(OVERLOADED)
}
