//! The states of the neighbours. They are asked only when somebody looks.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use ledger_core::NodeAddress;
use tokio::time::timeout;

use super::said::Said;
use crate::peers::client::{Client, Limits};
use crate::system::causes::with_causes;

/// The time between two rounds, however often somebody looks.
const REST: Duration = Duration::from_secs(4);

/// Neighbours that are asked at the same time.
const MAX_CONCURRENT: usize = 16;

/// The longest time for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The most bytes of an answer of `/peers`.
const MAX_PEERS: usize = 512 << 10;

/// The state of a neighbour.
#[derive(Clone, Debug, Default)]
pub struct NeighbourState {
    /// What it said last.
    pub said: Said,
    /// When it said that.
    pub heard: Option<Instant>,
    /// Why it did not answer when it was last asked.
    pub error: Option<String>,
}

/// What is known of the neighbours.
#[derive(Clone, Debug)]
pub struct States {
    limits: Limits,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    states: HashMap<NodeAddress, NeighbourState>,
    is_asking: bool,
    asked: Option<Instant>,
}

/// Ends its round when dropped, even if the round was cancelled.
struct Round(Arc<Mutex<Known>>);

impl States {
    /// Knows no state yet. Neighbours have the time of `limits` for an answer, three seconds at most.
    pub fn new(limits: Limits) -> Self {
        let short = |time: Duration| time.min(PATIENCE);
        let limits =
            Limits { silence: short(limits.silence), first_byte: short(limits.first_byte), ..limits };
        Self { limits, known: Arc::default() }
    }

    /// What these neighbours last answered. If that was a while ago, asks them again, for a later call. Must be called in an
    /// async runtime of one thread.
    pub fn of(&self, neighbours: &BTreeSet<NodeAddress>) -> HashMap<NodeAddress, NeighbourState> {
        let mut known = lock(&self.known);
        known.states.retain(|address, _| neighbours.contains(address));
        if !neighbours.is_empty() && known.begins_round(Instant::now()) {
            actix_web::rt::spawn(ask_all(Round(Arc::clone(&self.known)), self.limits, neighbours.clone()));
        }
        known.states.clone()
    }
}

impl Known {
    /// Whether a round begins now: none runs, and the last one ended long enough ago.
    fn begins_round(&mut self, now: Instant) -> bool {
        let is_due = self.asked.is_none_or(|asked| now.duration_since(asked) >= REST);
        let begins = is_due && !self.is_asking;
        self.is_asking |= begins;
        begins
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        let mut known = lock(&self.0);
        (known.is_asking, known.asked) = (false, Some(Instant::now()));
    }
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn ask_all(round: Round, limits: Limits, neighbours: BTreeSet<NodeAddress>) {
    let client = Client::new(limits);
    let asks = stream::iter(neighbours).for_each_concurrent(MAX_CONCURRENT, |neighbour| {
        let (client, round) = (&client, &round);
        async move {
            let said = ask(client, &neighbour).await;
            let mut known = lock(&round.0);
            let state = known.states.entry(neighbour).or_default();
            match said {
                Ok(said) => *state = NeighbourState { said, heard: Some(Instant::now()), error: None },
                Err(error) => state.error = Some(error),
            }
        }
    });
    asks.await;
}

/// Asks a neighbour. One without `/status`, such as a Python node, says nothing; one without `/peers` has no links.
async fn ask(client: &Client, neighbour: &NodeAddress) -> Result<Said, String> {
    let status = client.status(neighbour).await.map_err(|error| with_causes(&error).to_string())?;
    let Some(status) = status else { return Ok(Said::default()) };
    let peers = timeout(PATIENCE, client.read(neighbour, "/peers", MAX_PEERS)).await;
    Ok(Said::read(&status, peers.ok().and_then(Result::ok).as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_begins_when_none_runs_and_the_last_one_has_rested() {
        let known = Arc::new(Mutex::new(Known::default()));
        let begins = |now| lock(&known).begins_round(now);
        let now = Instant::now();
        assert_eq!([begins(now), begins(now), begins(now + 2 * REST)], [true, false, false]);
        drop(Round(Arc::clone(&known)));
        let end = lock(&known).asked.unwrap();
        assert!(!begins(end + REST - Duration::from_millis(1)));
        assert!(begins(end + REST));
    }

    #[test]
    fn nobody_is_asked_when_there_are_no_neighbours() {
        let time = Duration::from_secs(1);
        let limits = Limits { silence: time, first_byte: time, deadline: time, bytes: 1 };
        // Outside a runtime, a round would panic.
        assert!(States::new(limits).of(&BTreeSet::new()).is_empty());
    }
}
