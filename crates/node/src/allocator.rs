//! What becomes of memory that was freed.

/// From how many bytes on an allocation has pages of its own, and how many free bytes a thread may keep beside them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 1 << 20;

/// Makes large allocations go back to the system when they are freed.
///
/// By default glibc learns from the first large block that it frees to keep as much for the next, up to 64 MiB for each
/// thread: after sixteen blocks of 31 MiB a node held 900 MiB. Other systems do as they do. Must be called before there
/// are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "no safe crate sets these two numbers of glibc")]
pub fn give_back() {
    // Sound: mallopt takes two integers, and no other thread allocates yet. A refusal changes nothing.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}

/// Makes large allocations go back to the system when they are freed, where that can be asked for.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
