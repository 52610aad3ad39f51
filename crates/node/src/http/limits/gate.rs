//! A bounded number of places for what is dear, and who has them: when others wait, the slowest client loses its place.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::connections::Connections;
use super::usage::Usage;

/// How long a client that takes nothing keeps its place when others wait.
const STALLED: Duration = Duration::from_secs(1);

/// How long any other client does.
const FAIR: Duration = Duration::from_secs(5);

/// Which part of the queue one address may have: with all of it, it would keep all others out.
const SHARES: usize = 4;

/// There is no place for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// Places that many clients want.
#[derive(Debug)]
pub struct Gate {
    places: Arc<Semaphore>,
    /// How many places there are.
    all: u32,
    /// How many may wait for a place.
    queue: usize,
    /// How long they may.
    patience: Duration,
    /// Who does, as far as that is known.
    waiting: Mutex<Vec<Option<IpAddr>>>,
    next: AtomicU64,
    holders: Arc<Mutex<Vec<Holder>>>,
}

#[derive(Debug)]
struct Holder {
    id: u64,
    usage: Arc<Usage>,
    sent_before: u64,
    since: u64,
}

/// Some places, until it is dropped.
#[derive(Debug, Default)]
pub struct Pass {
    places: Option<OwnedSemaphorePermit>,
    _held: Option<Held>,
}

/// What is known of a client that has a place, until it is dropped.
#[derive(Debug)]
struct Held {
    id: u64,
    holders: Arc<Mutex<Vec<Holder>>>,
}

impl Gate {
    pub(super) fn new(all: u32, queue: usize, patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(all as usize)),
            all,
            queue,
            patience,
            waiting: Mutex::default(),
            next: AtomicU64::default(),
            holders: Arc::default(),
        }
    }

    /// Waits for some places, all of them if more are asked for.
    ///
    /// # Errors
    ///
    /// [`Busy`] if too many wait already, or it took too long.
    pub async fn enter(&self, places: u32) -> Result<Pass, Busy> {
        self.wait_for(places, None).await
    }

    async fn wait_for(&self, places: u32, usage: Option<&Arc<Usage>>) -> Result<Pass, Busy> {
        let wanted = places.min(self.all);
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_many_owned(wanted) {
            return Ok(Pass { places: Some(permit), _held: None });
        }
        let _waiting = self.wait(usage)?;
        let permit = timeout(self.patience, Arc::clone(&self.places).acquire_many_owned(wanted)).await;
        let permit = permit.map_err(|_| Busy)?.map_err(|_| Busy)?;
        Ok(Pass { places: Some(permit), _held: None })
    }

    /// Waits for some places, and lets a connection lose them again if it is slow and others wait.
    ///
    /// # Errors
    ///
    /// As [`enter`](Self::enter).
    pub async fn enter_as(&self, places: u32, usage: Option<&Arc<Usage>>) -> Result<Pass, Busy> {
        let mut pass = self.wait_for(places, usage).await?;
        pass._held = usage.map(|usage| self.held(usage));
        Ok(pass)
    }

    /// Lets a connection be cut off if it is slow and others wait.
    pub fn hold(&self, usage: &Arc<Usage>) -> Pass {
        Pass { places: None, _held: Some(self.held(usage)) }
    }

    fn held(&self, usage: &Arc<Usage>) -> Held {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sent_before, since) = (usage.all_sent(), super::usage::now());
        let holder = Holder { id, usage: Arc::clone(usage), sent_before, since };
        self.holders.lock().unwrap_or_else(PoisonError::into_inner).push(holder);
        Held { id, holders: Arc::clone(&self.holders) }
    }

    fn wait<'a>(&'a self, usage: Option<&'a Arc<Usage>>) -> Result<Waiting<'a>, Busy> {
        let address = usage.map(|usage| usage.address);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let share = || waiting.iter().filter(|other| **other == address).count();
        if waiting.len() >= self.queue || (address.is_some() && share() >= self.queue.div_ceil(SHARES)) {
            return Err(Busy);
        }
        waiting.push(address);
        if let Some(usage) = usage {
            usage.queue(true);
        }
        Ok(Waiting(&self.waiting, usage))
    }

    /// Takes places away from the slowest clients, if others wait for them.
    pub(super) fn relieve(&self, connections: &Connections) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len();
        if waiting == 0 {
            return;
        }
        let holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slow: Vec<_> = holders.iter().filter(|holder| holder.may_be_cut()).collect();
        slow.sort_by_key(|holder| holder.rate());
        // An answer of `/transactions` has many readers, and its place is free when all of them are gone.
        let readers = holders.len().div_ceil(self.all as usize);
        slow.iter().take(waiting * readers).for_each(|holder| connections.cut_off(&holder.usage));
    }
}

impl Holder {
    fn may_be_cut(&self) -> bool {
        !self.usage.is_cut() && (self.usage.stalled() >= STALLED || self.held() >= FAIR)
    }

    fn held(&self) -> Duration {
        Duration::from_millis(super::usage::now().saturating_sub(self.since))
    }

    /// Bytes a second.
    fn rate(&self) -> u64 {
        if self.usage.stalled() >= STALLED {
            return 0;
        }
        let sent = self.usage.all_sent().saturating_sub(self.sent_before);
        sent.saturating_mul(1000) / u64::try_from(self.held().as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

impl Pass {
    /// Gives all but some places back.
    pub fn shrink(&mut self, places: u32) {
        if let Some(permit) = &mut self.places {
            let surplus = permit.num_permits().saturating_sub(places as usize);
            drop(permit.split(surplus));
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        holders.retain(|holder| holder.id != self.id);
    }
}

/// Somebody who waits for a place.
struct Waiting<'a>(&'a Mutex<Vec<Option<IpAddr>>>, Option<&'a Arc<Usage>>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let address = self.1.map(|usage| usage.address);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = waiting.iter().position(|other| *other == address) {
            waiting.swap_remove(position);
        }
        if let Some(usage) = self.1 {
            usage.queue(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;
    use crate::http::Bounds;

    fn gate() -> Gate {
        Gate::new(1, 1, Duration::from_secs(5))
    }

    fn connections() -> Connections {
        Connections::new(Bounds { total: 9, per_address: 9 })
    }

    fn client(connections: &Connections) -> Arc<Usage> {
        connections.admit(([127, 0, 0, 1], 1000).into()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_or_finds_too_many_waiting_is_told_so() {
        let gate = gate();
        let _pass = gate.enter(1).await.unwrap();
        let waits = gate.enter(1);
        tokio::pin!(waits);
        assert!(std::future::poll_fn(|context| Poll::Ready(waits.as_mut().poll(context).is_pending())).await);
        assert_eq!(gate.enter(1).await.unwrap_err(), Busy);
        assert_eq!(waits.await.unwrap_err(), Busy);
    }

    #[tokio::test]
    async fn more_places_than_there_are_means_all_of_them() {
        let gate = gate();
        let mut pass = gate.enter(7).await.unwrap();
        pass.shrink(0);
        drop(gate.enter(1).await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_does_not_fill_the_queue() {
        let (gate, connections) = (Gate::new(1, 8, Duration::from_secs(5)), connections());
        let (greedy, other) =
            (client(&connections), connections.admit(([127, 0, 0, 2], 1000).into()).unwrap());
        let _pass = gate.enter(1).await.unwrap();
        let queued = [(); 2].map(|()| gate.wait(Some(&greedy)).ok().unwrap());
        assert!(gate.wait(Some(&greedy)).is_err() && gate.wait(Some(&other)).is_ok());
        drop(queued);
        assert!(gate.wait(Some(&greedy)).is_ok());
    }

    #[tokio::test]
    async fn nobody_loses_a_place_that_nobody_waits_for() {
        let (gate, connections) = (gate(), connections());
        let slow = client(&connections);
        let _pass = gate.enter_as(1, Some(&slow)).await.unwrap();
        slow.stall();
        gate.relieve(&connections);
        assert!(!slow.is_cut());
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_share_a_place_lose_it_for_one_who_waits() {
        let (gate, connections) = (gate(), connections());
        let _place = gate.enter(1).await.unwrap();
        let readers = [client(&connections), client(&connections), client(&connections)];
        let _held = readers.each_ref().map(|usage| gate.hold(usage));
        readers.iter().for_each(|usage| usage.stall());
        std::thread::sleep(STALLED);
        let waits = gate.enter(1);
        tokio::pin!(waits);
        assert!(std::future::poll_fn(|context| Poll::Ready(waits.as_mut().poll(context).is_pending())).await);
        gate.relieve(&connections);
        assert!(readers.iter().all(|usage| usage.is_cut()));
    }
}
