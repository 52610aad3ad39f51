//! How many requests a client may send: a budget for each address, which refills with time.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::connections::network;

/// How many usual requests a costly one counts as.
pub const COSTLY: u32 = 20;

/// Seconds whose units a full budget holds. They may be used at once.
const BURST: u32 = 5;

/// Requests between two sweeps, which forget the addresses whose budget is full. Each request adds at most one address,
/// so this bounds the addresses in memory.
const SWEEP: u64 = 1 << 16;

type Limiter<C> = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// What a request takes of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// One unit.
    Usual,
    /// [`COSTLY`] units: it reads many blocks, or makes the node work.
    Costly,
}

/// The budget of an address is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Units a second.
    pub rate: u32,
    /// The time until the same request will be served.
    pub wait: Duration,
}

impl TooMany {
    /// Whole seconds until the same request will be served.
    pub fn seconds(&self) -> u64 {
        self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0)
    }
}

/// The budgets of all addresses but this machine's, which has no limit.
#[derive(Debug)]
pub struct Rates<C: Clock = DefaultClock> {
    /// `None` without a limit.
    limiter: Option<Limiter<C>>,
    rate: u32,
    clock: C,
    taken: AtomicU64,
    refused: AtomicUsize,
}

impl Rates {
    /// Budgets of `rate` units a second; 0 is no limit.
    pub(super) fn new(rate: u32) -> Self {
        Self::with_clock(rate, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn with_clock(rate: u32, clock: C) -> Self {
        let limiter = quota(rate).map(|quota| RateLimiter::hashmap_with_clock(quota, clock.clone()));
        Self { limiter, rate, clock, taken: AtomicU64::new(0), refused: AtomicUsize::new(0) }
    }

    /// Takes the cost of a request from its client's budget.
    ///
    /// # Errors
    ///
    /// [`TooMany`] if the budget does not suffice.
    pub fn take(&self, client: IpAddr, cost: Cost) -> Result<(), TooMany> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if client.to_canonical().is_loopback() {
            return Ok(());
        }
        if self.taken.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        let taken = limiter.check_key_n(&network(client), units(cost));
        let not_until = match taken.expect("a full budget covers any request") {
            Ok(()) => return Ok(()),
            Err(not_until) => not_until,
        };
        Err(TooMany { rate: self.rate, wait: not_until.wait_time_from(self.clock.now()) })
    }

    /// Counts a request that is refused.
    pub fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests refused since the last call.
    pub(super) fn take_refused(&self) -> usize {
        self.refused.swap(0, Ordering::Relaxed)
    }
}

/// A budget of `rate` units a second, or none if there is no limit.
fn quota(rate: u32) -> Option<Quota> {
    // Even at the lowest rate, a full budget must cover a costly request.
    let burst = NonZeroU32::new(rate.saturating_mul(BURST).max(COSTLY))?;
    Some(Quota::per_second(NonZeroU32::new(rate)?).allow_burst(burst))
}

fn units(cost: Cost) -> NonZeroU32 {
    match cost {
        Cost::Usual => NonZeroU32::MIN,
        Cost::Costly => NonZeroU32::new(COSTLY).expect("it is not zero"),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use governor::clock::FakeRelativeClock;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn rates(rate: u32) -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Rates::with_clock(rate, clock.clone()), clock)
    }

    fn client(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// How many usual requests of a client are served at once.
    fn served(rates: &Rates<FakeRelativeClock>, client: IpAddr) -> usize {
        (0..10_000).take_while(|_| rates.take(client, Cost::Usual).is_ok()).count()
    }

    #[test]
    fn budget_lasts_for_a_burst_and_refills() {
        let ((rates, clock), client) = (rates(10), client("192.0.2.7"));
        assert_eq!(served(&rates, client), 50);
        assert_eq!(rates.take(client, Cost::Usual), Err(TooMany { rate: 10, wait: SECOND / 10 }));
        clock.advance(SECOND);
        assert_eq!(served(&rates, client), 10);
        clock.advance(60 * SECOND);
        assert_eq!(served(&rates, client), 50);
    }

    #[test]
    fn costly_requests_count_more() {
        let ((rates, clock), client) = (rates(100), client("192.0.2.7"));
        let costly = (0..100).take_while(|_| rates.take(client, Cost::Costly).is_ok()).count();
        assert_eq!(costly, 500 / COSTLY as usize);
        assert_eq!(rates.take(client, Cost::Costly).unwrap_err().wait, SECOND / 5);
        clock.advance(SECOND / 5);
        assert_eq!(rates.take(client, Cost::Costly), Ok(()));
    }

    #[test]
    fn lowest_rate_serves_costly_requests() {
        let ((rates, clock), client) = (rates(1), client("192.0.2.7"));
        assert_eq!(rates.take(client, Cost::Costly), Ok(()));
        assert_eq!(rates.take(client, Cost::Costly).unwrap_err().wait, 20 * SECOND);
        clock.advance(20 * SECOND);
        assert_eq!(rates.take(client, Cost::Costly), Ok(()));
    }

    #[test]
    fn addresses_have_budgets_of_their_own() {
        let (rates, _) = rates(10);
        for address in ["192.0.2.7", "192.0.2.8", "2001:db8::1", "2001:db8:0:1::1"] {
            assert_eq!(served(&rates, client(address)), 50, "{address}");
        }
        for spent in ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::2", "2001:db8::ffff:0:0:1"] {
            assert_eq!(served(&rates, client(spent)), 0, "{spent}");
        }
    }

    #[test]
    fn this_machine_has_no_limit() {
        let (rates, _) = rates(1);
        for address in ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(served(&rates, client(address)), 10_000, "{address}");
        }
    }

    #[test]
    fn zero_is_no_limit() {
        assert_eq!(served(&rates(0).0, client("192.0.2.7")), 10_000);
    }

    #[test]
    fn addresses_in_memory_are_bounded() {
        let (rates, clock) = rates(2000);
        let limiter = rates.limiter.as_ref().unwrap();
        let mut most = 0;
        for number in 0..3 * SWEEP as u32 {
            rates.take(Ipv4Addr::from_bits(0x0b00_0000 + number).into(), Cost::Costly).unwrap();
            clock.advance(Duration::from_micros(20));
            most = most.max(limiter.len());
        }
        // A sweep keeps the addresses of the last ten milliseconds.
        assert!(most <= SWEEP as usize + 1000, "{most}");
    }

    #[test]
    fn sweep_keeps_spent_budgets() {
        let ((rates, _), client) = (rates(2000), client("192.0.2.7"));
        assert_eq!(served(&rates, client), 10_000);
        for number in 0..SWEEP as u32 {
            let _ = rates.take(Ipv4Addr::from_bits(0x0b00_0000 + number).into(), Cost::Usual);
        }
        assert!(rates.take(client, Cost::Usual).is_err());
    }
}
