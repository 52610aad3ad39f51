//! Checking a signature with a public key that was read before: RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2).
//!
//! `pkcs1` makes every decision, and does not depend on who does the arithmetic: the signature's length, its range, and
//! what the power has to be. The power itself is computed by one of two modules with one interface: `pure`, in Rust, or
//! `openssl`, by the library of that name, if the feature `openssl` is on. Nothing here is secret, so nothing has to
//! take the same time for every input.

#[cfg(feature = "openssl")]
mod openssl;
mod pkcs1;
#[cfg(any(not(feature = "openssl"), test))]
#[cfg_attr(feature = "openssl", allow(dead_code, reason = "the tests compare it with the other"))]
mod pure;

pub(crate) use pkcs1::Verifier;
