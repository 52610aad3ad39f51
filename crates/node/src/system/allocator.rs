//! Tunes how glibc returns freed memory.

/// Size from which an allocation gets its own pages, and free bytes that a heap may keep.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 1 << 20;

/// Minimum number of heaps on machines with few cores: with two, payments per second dropped by seven percent.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const FEWEST_HEAPS: usize = 6;

/// Makes glibc return large allocations to the system when they are freed, and limits the number of heaps.
///
/// By default glibc adapts: after freeing one large block it keeps up to 64 MiB per thread for the next, and a node
/// held 900 MiB after sixteen blocks of 31 MiB. It also spreads threads over eight heaps per core, each of which
/// keeps its peak memory; fewer are enough here. Call it before threads start.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "no safe crate sets these parameters of glibc")]
pub fn configure() {
    let cores = std::thread::available_parallelism().map_or(FEWEST_HEAPS, usize::from);
    let heaps = cores.max(FEWEST_HEAPS).try_into().unwrap_or(libc::c_int::MAX);
    // Sound: mallopt takes two integers, and no other thread runs yet. If it refuses, nothing changes.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, heaps);
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}

/// Does nothing: there is no portable call.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn configure() {}

/// Returns free pages of all heaps to the system. Call it after work that used much memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "no safe crate asks glibc for this")]
pub fn trim() {
    // Sound: malloc_trim is thread-safe, and only returns pages that are not in use.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Does nothing: there is no portable call.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn trim() {}
