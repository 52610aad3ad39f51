//! A semaphore for expensive work. When others wait, the slowest client loses its permit.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::connections::Connections;
use super::usage::Usage;

/// How long a stalled client keeps its permit when others wait.
const STALLED: Duration = Duration::from_secs(1);

/// How long any other client keeps its permit when others wait.
const FAIR: Duration = Duration::from_secs(5);

/// Shares of the queue. An address may use one share, so that it cannot keep the others out.
const SHARES: usize = 4;

/// No permit was available in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// Hands out permits to clients.
#[derive(Debug)]
pub struct Gate {
    permits: Arc<Semaphore>,
    /// Number of permits.
    all: u32,
    /// Most clients that may wait.
    queue: usize,
    /// Longest wait.
    patience: Duration,
    /// The addresses of those who wait, as far as known.
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

/// Permits, until dropped.
#[derive(Debug, Default)]
pub struct Permit {
    permits: Option<OwnedSemaphorePermit>,
    _holding: Option<Holding>,
}

/// Registers a client as a holder, until dropped.
#[derive(Debug)]
struct Holding {
    id: u64,
    holders: Arc<Mutex<Vec<Holder>>>,
}

impl Gate {
    pub(super) fn new(all: u32, queue: usize, patience: Duration) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(all as usize)),
            all,
            queue,
            patience,
            waiting: Mutex::default(),
            next: AtomicU64::default(),
            holders: Arc::default(),
        }
    }

    /// Waits for permits; at most all there are.
    ///
    /// # Errors
    ///
    /// [`Busy`] if too many clients wait already, or the wait takes too long.
    pub async fn enter(&self, permits: u32) -> Result<Permit, Busy> {
        self.wait_for(permits, None).await
    }

    async fn wait_for(&self, permits: u32, usage: Option<&Arc<Usage>>) -> Result<Permit, Busy> {
        let wanted = permits.min(self.all);
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_many_owned(wanted) {
            return Ok(Permit { permits: Some(permit), _holding: None });
        }
        let _waiting = self.wait(usage)?;
        let permit = timeout(self.patience, Arc::clone(&self.permits).acquire_many_owned(wanted)).await;
        let permit = permit.map_err(|_| Busy)?.map_err(|_| Busy)?;
        Ok(Permit { permits: Some(permit), _holding: None })
    }

    /// Waits for permits. The connection may be cut off if it is slow and others wait.
    ///
    /// # Errors
    ///
    /// As [`enter`](Self::enter).
    pub async fn enter_as(&self, permits: u32, usage: Option<&Arc<Usage>>) -> Result<Permit, Busy> {
        let mut permit = self.wait_for(permits, usage).await?;
        permit._holding = usage.map(|usage| self.register(usage));
        Ok(permit)
    }

    /// Registers a connection as a holder without a permit of its own: it may be cut off if it is slow and others
    /// wait.
    pub fn hold(&self, usage: &Arc<Usage>) -> Permit {
        Permit { permits: None, _holding: Some(self.register(usage)) }
    }

    fn register(&self, usage: &Arc<Usage>) -> Holding {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sent_before, since) = (usage.all_sent(), super::usage::now());
        let holder = Holder { id, usage: Arc::clone(usage), sent_before, since };
        self.holders.lock().unwrap_or_else(PoisonError::into_inner).push(holder);
        Holding { id, holders: Arc::clone(&self.holders) }
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

    /// Cuts off the slowest holders if others wait.
    pub(super) fn relieve(&self, connections: &Connections) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len();
        if waiting == 0 {
            return;
        }
        let holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slow: Vec<_> = holders.iter().filter(|holder| holder.may_be_cut()).collect();
        slow.sort_by_key(|holder| holder.rate());
        // An answer of `/transactions` has many readers: its permit returns when all of them are gone.
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

    /// Bytes per second.
    fn rate(&self) -> u64 {
        if self.usage.stalled() >= STALLED {
            return 0;
        }
        let sent = self.usage.all_sent().saturating_sub(self.sent_before);
        sent.saturating_mul(1000) / u64::try_from(self.held().as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

impl Permit {
    /// Returns all but this many permits.
    pub fn shrink(&mut self, permits: u32) {
        if let Some(permit) = &mut self.permits {
            let surplus = permit.num_permits().saturating_sub(permits as usize);
            drop(permit.split(surplus));
        }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        holders.retain(|holder| holder.id != self.id);
    }
}

/// A client that waits for a permit.
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
mod tests;
