//! How many files and sockets the process may have open, and what that means for connections.

use std::thread::available_parallelism;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::connections::Bounds;

/// The most connections, however many files may be open: what they may hold has to fit the memory.
const MOST: usize = 1024;

/// The descriptors that a node wants.
const WANTED: u64 = 2048;

/// Descriptors for all else: the database and those who read it, neighbours, and clients on their way in and out.
const RESERVE: usize = 112;

/// The fewest connections. A process that may not even have so many files open is short of them at times.
const FEWEST: usize = 16;

/// The fewest descriptors with which a node can begin to serve, beside those that are open and those of its workers: the
/// runtime, the database and a few who read it.
const LEAST: u64 = 36;

/// The descriptors of a worker of the server.
const WORKER: u64 = 4;

/// Raises the limit of open files as far as the node needs and the system lets it.
///
/// # Errors
///
/// A sentence if that is too few to begin.
pub fn check() -> Result<(), String> {
    let least = least(open(), workers());
    match raise(getrlimit(Resource::Nofile)) {
        Some(allowed) if allowed < least => Err(format!(
            "too many open files: this process may have {allowed}, and a node needs {least} at least; raise it before \
             the start: `ulimit -n {WANTED}`"
        )),
        _ => Ok(()),
    }
}

/// How many workers the server has.
pub(in crate::http) fn workers() -> usize {
    available_parallelism().map_or(1, usize::from)
}

fn least(open: usize, workers: usize) -> u64 {
    LEAST + open as u64 + WORKER * workers as u64
}

/// How many descriptors are open already: whoever starts the node may leave it some of its own.
fn open() -> usize {
    const USUAL: usize = 3;
    std::fs::read_dir("/dev/fd").map_or(USUAL, Iterator::count)
}

/// Raises the limit of open files as far as the node needs and the system lets it, and answers how many connections fit.
pub(super) fn bounds() -> Bounds {
    let limit = getrlimit(Resource::Nofile);
    let allowed = raise(limit).unwrap_or(u64::MAX);
    let total = usize::try_from(allowed).unwrap_or(usize::MAX).saturating_sub(RESERVE).clamp(FEWEST, MOST);
    if total < MOST {
        tracing::warn!(
            "only {allowed} files may be open, which leaves {total} connections; raise it with `ulimit -n`"
        );
    }
    Bounds { total, per_address: total / 2 }
}

/// How many files may be open once the limit is raised; none if there is no limit.
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
