//! All bounds on clients, and their sizes.

use std::sync::Arc;
use std::time::Duration;

use super::connections::Connections;
use super::descriptors;
use super::gate::Gate;
use super::refusal::Refusals;
use crate::http::log::RequestLog;
use crate::settings::Settings;

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

/// All bounds on clients.
#[derive(Debug)]
pub struct Guards {
    pub(in crate::http) connections: Arc<Connections>,
    pub(in crate::http) refusals: Refusals,
    pub(in crate::http) requests: Arc<RequestLog>,
    pub(in crate::http) outstanding: Gate,
    /// Answers that are too long for one piece.
    pub long_answers: Gate,
    /// The answers of `/transactions`, each of which may be held by many clients.
    pub pool_answers: Gate,
    /// Reads of the index of payments.
    pub addresses: Gate,
}

impl Guards {
    /// The bounds of this process, and whether its log has a line for each request.
    pub fn new(settings: &Settings) -> Self {
        let gate = |places| Gate::new(places, QUEUE, PATIENCE);
        Self {
            connections: Arc::new(Connections::new(descriptors::bounds())),
            refusals: Refusals::new(),
            requests: Arc::new(RequestLog::new(settings.request_log.is_on())),
            outstanding: gate(OUTSTANDING),
            long_answers: gate(LONG_ANSWERS),
            pool_answers: gate(POOL_ANSWERS),
            addresses: gate(ADDRESSES),
        }
    }

    pub(super) fn gates(&self) -> impl Iterator<Item = &Gate> {
        [&self.outstanding, &self.long_answers, &self.pool_answers].into_iter()
    }
}
