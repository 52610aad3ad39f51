//! The limit of open files, and the number of connections that fit it.

use std::thread::available_parallelism;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::connections::Bounds;

/// Most connections, however many files may be open: their buffers must fit in memory.
const MAX_CONNECTIONS: usize = 1024;

/// Descriptors that a node asks for.
const WANTED: u64 = 2048;

/// Descriptors for everything but connections: database, readers, neighbours, and clients that are arriving or leaving.
const RESERVE: usize = 112;

/// Fewest connections, even if the descriptors do not always suffice.
const MIN_CONNECTIONS: usize = 16;

/// Fewest descriptors for the peer-to-peer network, even if they do not always suffice.
const MIN_PEERS: usize = 16;

/// Fewest descriptors that a start needs besides those already open and the workers': for the runtime, the database
/// and a few readers.
const MIN_DESCRIPTORS: u64 = 36;

/// Descriptors per server worker.
const PER_WORKER: u64 = 4;

/// Raises the limit of open files as far as needed and allowed.
///
/// # Errors
///
/// A message if the limit is too low to start.
pub fn check() -> Result<(), String> {
    let least = least(open(), workers());
    match raise(getrlimit(Resource::Nofile)) {
        Some(allowed) if allowed < least => Err(format!(
            "too many open files: this process may open {allowed}, and a node needs at least {least}; raise the limit \
             before the start: `ulimit -n {WANTED}`"
        )),
        _ => Ok(()),
    }
}

/// Number of server workers.
pub(in crate::http) fn workers() -> usize {
    available_parallelism().map_or(1, usize::from)
}

fn least(open: usize, workers: usize) -> u64 {
    MIN_DESCRIPTORS + open as u64 + PER_WORKER * workers as u64
}

/// Number of descriptors that are already open: the parent process may have left some.
fn open() -> usize {
    const USUAL: usize = 3;
    std::fs::read_dir("/dev/fd").map_or(USUAL, Iterator::count)
}

/// Raises the limit of open files as far as needed and allowed. Returns how many connections fit, and how many of its `wanted`
/// descriptors the peer-to-peer network gets.
pub(super) fn shared_with_peers(wanted: usize) -> (Bounds, usize) {
    let limit = getrlimit(Resource::Nofile);
    let allowed = raise(limit).unwrap_or(u64::MAX);
    let (total, peers) = share(usize::try_from(allowed).unwrap_or(usize::MAX), wanted);
    if total < MAX_CONNECTIONS {
        tracing::warn!(
            "limit of open files is {allowed}: room for {total} connections only; raise it with `ulimit -n`"
        );
    }
    if peers < wanted {
        tracing::warn!("limit of open files is {allowed}: fewer p2p peers; raise it with `ulimit -n`");
    }
    (Bounds { total, per_address: total / 2 }, peers)
}

/// Shares descriptors between connections and the peer-to-peer network, which gets a quarter of a low limit.
fn share(allowed: usize, wanted: usize) -> (usize, usize) {
    let free = allowed.saturating_sub(RESERVE);
    let peers = if free >= wanted + MAX_CONNECTIONS { wanted } else { wanted.min((free / 4).max(MIN_PEERS)) };
    (free.saturating_sub(peers).clamp(MIN_CONNECTIONS, MAX_CONNECTIONS), peers)
}

/// Raises the limit as far as needed and allowed. Returns the new limit; `None` if there is no limit.
fn raise(limit: Rlimit) -> Option<u64> {
    let current = limit.current?;
    let wanted = limit.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if current >= wanted {
        return Some(current);
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit }) {
        Ok(()) => Some(wanted),
        Err(_) => Some(current),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_and_peers_share_what_a_limit_allows() {
        for (allowed, wanted, shares) in [
            (usize::MAX, 192, (1024, 192)),
            (2048, 192, (1024, 192)),
            (1328, 192, (1024, 192)),
            (1327, 192, (1023, 192)),
            (1024, 192, (720, 192)),
            (512, 192, (300, 100)),
            (90, 192, (16, 16)),
            (1024, 0, (912, 0)),
            (2048, 0, (1024, 0)),
        ] {
            assert_eq!(share(allowed, wanted), shares, "{allowed}, {wanted}");
        }
    }

    #[test]
    fn start_needs_more_descriptors_than_are_open() {
        assert_eq!(least(10, 2), 36 + 10 + 2 * 4);
        let files = [(); 20].map(|()| tempfile::tempfile().unwrap());
        assert!(open() >= 3 + files.len());
        check().unwrap();
    }

    #[test]
    fn limit_is_raised_only_if_it_is_low() {
        assert_eq!(raise(Rlimit { current: None, maximum: None }), None);
        for limit in [WANTED, WANTED + 1] {
            assert_eq!(raise(Rlimit { current: Some(limit), maximum: Some(limit) }), Some(limit));
        }
        assert_eq!(raise(Rlimit { current: Some(9), maximum: Some(9) }), Some(9), "no more is allowed");
    }

    #[test]
    fn each_address_has_half_of_the_connections() {
        let (bounds, peers) = shared_with_peers(0);
        assert_eq!((bounds.per_address, peers), (bounds.total / 2, 0));
        let allowed = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        let (total, _) = share(usize::try_from(allowed).unwrap_or(usize::MAX), 0);
        assert_eq!(bounds.total, total);
    }
}
