//! Checks a signature with a parsed public key: RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2).
//!
//! `pkcs1` decides: it checks the signature's length and range, and compares its power. One of two modules with the same
//! interface computes the power: `pure`, in Rust, or `openssl`, with the library of that name, if the feature `openssl`
//! is on. Nothing here is secret, so no computation needs constant time.

#[cfg(feature = "openssl")]
mod openssl;
mod pkcs1;
#[cfg(any(not(feature = "openssl"), test))]
#[cfg_attr(feature = "openssl", allow(dead_code, reason = "the tests compare it with the other"))]
mod pure;

pub(crate) use pkcs1::Verifier;
