//! What becomes of memory that was freed.

/// From how many bytes on an allocation has pages of its own, and how many free bytes a thread may keep beside them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 1 << 20;

/// How many heaps there may be at the least, however few cores there are: two cost seven percent of payments a second.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const FEWEST_HEAPS: usize = 6;

/// Makes large allocations go back to the system when they are freed, and keeps few heaps.
///
/// By default glibc learns from the first large block that it frees to keep as much for the next, up to 64 MiB for each
/// thread: after sixteen blocks of 31 MiB a node held 900 MiB. And it shares the threads out among eight heaps a core, each
/// of which keeps what the busiest moment of its threads has left behind; fewer are enough here. Other systems do as
/// they do. Must be called before there are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "no safe crate sets these numbers of glibc")]
pub fn give_back() {
    let cores = std::thread::available_parallelism().map_or(FEWEST_HEAPS, usize::from);
    let heaps = cores.max(FEWEST_HEAPS).try_into().unwrap_or(libc::c_int::MAX);
    // Sound: mallopt takes two integers, and no other thread allocates yet. A refusal changes nothing.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, heaps);
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}

/// Makes large allocations go back to the system when they are freed, where that can be asked for.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}

/// Gives back what the heaps keep of memory that was freed, in the middle of them too: after work that took much.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "no safe crate asks glibc for this")]
pub fn trim() {
    // Sound: malloc_trim may be called at any time from any thread, and only gives back pages that nothing is in.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Gives back what the heaps keep of memory that was freed, where that can be asked for.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn trim() {}
