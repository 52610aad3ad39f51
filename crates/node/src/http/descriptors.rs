//! How many files and sockets the process may have open, and what that means for connections.

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

/// The fewest descriptors with which a node can begin to serve: the runtime and the database take as many.
const LEAST: u64 = 48;

/// Raises the limit of open files as far as the node needs and the system lets it.
///
/// # Errors
///
/// A sentence if that is too few to begin.
pub fn check() -> Result<(), String> {
    match raise(getrlimit(Resource::Nofile)) {
        Some(allowed) if allowed < LEAST => Err(format!(
            "too many open files: this process may have {allowed}, and a node needs {LEAST} at least; raise it before \
             the start: `ulimit -n {WANTED}`"
        )),
        _ => Ok(()),
    }
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
