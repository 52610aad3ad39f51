//! The instructions that a search uses.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::portable;
#[cfg(target_arch = "x86_64")]
use crate::sha256::vectors::{Avx512, Sse2};
#[cfg(target_arch = "x86_64")]
use crate::simd::{self, ShaNi};
use crate::work::Work;

/// The names of all engines, whatever the processor.
const NAMES: [&str; 4] = ["avx512", "sha-ni", "sse2", "portable"];

/// The instructions that a search uses. All engines find the same solution, at different speeds.
///
/// An engine that the processor lacks cannot be constructed. Engines display as and parse from their names:
///
/// - `avx512`: 48 attempts at a time in vectors of 16 (x86-64 with AVX-512F);
/// - `sha-ni`: 8 attempts at a time with the SHA instructions (x86-64 with SHA-NI);
/// - `sse2`: 8 attempts at a time in vectors of 4 (every x86-64);
/// - `portable`: one attempt after the other, hashed by the sha2 crate, which has SHA instructions of its own for some
///   processors.
///
/// # Examples
///
/// ```
/// use pow_engine::Engine;
///
/// let engine = Engine::best();
/// assert_eq!(engine.to_string().parse(), Ok(engine));
/// assert_eq!(Engine::available().last(), Some(&Engine::portable()));
/// assert!("abacus".parse::<Engine>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engine(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    ShaNi(ShaNi),
    #[cfg(target_arch = "x86_64")]
    Sse2(Sse2),
    Portable,
}

/// A name of no engine, or of one that this processor lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// No engine has this name.
    #[error("there is no engine {0:?}; this processor has {have}", have = list())]
    Unknown(String),
    /// The processor lacks the instructions of the engine with this name.
    #[error("this processor lacks the instructions of engine {0}; it has {have}", have = list())]
    Missing(&'static str),
}

impl Engine {
    /// The fastest engine that this processor has.
    #[must_use]
    pub fn best() -> Self {
        detected().next().expect("every processor has the portable engine")
    }

    /// All engines that this processor has. The first one is the fastest.
    #[must_use]
    pub fn available() -> Vec<Self> {
        detected().collect()
    }

    /// The engine that every processor has.
    #[must_use]
    pub fn portable() -> Self {
        Self(Kind::Portable)
    }

    fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi(_) => "sha-ni",
            #[cfg(target_arch = "x86_64")]
            Kind::Sse2(_) => "sse2",
            Kind::Portable => "portable",
        }
    }

    /// Attempts between two calls of `go_on`: about a millisecond, a few on slow processors.
    pub(crate) fn attempts_between_checks(self) -> u64 {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => 80_000,
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi(_) => 20_000,
            #[cfg(target_arch = "x86_64")]
            Kind::Sse2(_) => 8_000,
            Kind::Portable => 8_000,
        }
    }

    /// The smallest solution in a range.
    pub(crate) fn first_in(self, work: &Work, nonces: Range<u64>) -> Option<u64> {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(avx512) => simd::first_in(avx512, work, nonces),
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi(sha_ni) => simd::first_in(sha_ni, work, nonces),
            #[cfg(target_arch = "x86_64")]
            Kind::Sse2(sse2) => simd::first_in(sse2, work, nonces),
            Kind::Portable => portable::first_in(work, nonces),
        }
    }
}

/// This processor's engines, the fastest first. The order after SHA-NI is arbitrary. The standard library queries the
/// processor once and caches the result.
#[cfg(target_arch = "x86_64")]
fn detected() -> impl Iterator<Item = Engine> {
    let kinds = [
        Avx512::detect().map(Kind::Avx512),
        ShaNi::detect().map(Kind::ShaNi),
        Some(Kind::Sse2(Sse2)),
        Some(Kind::Portable),
    ];
    kinds.into_iter().flatten().map(Engine)
}

#[cfg(not(target_arch = "x86_64"))]
fn detected() -> impl Iterator<Item = Engine> {
    std::iter::once(Engine(Kind::Portable))
}

fn list() -> String {
    let names: Vec<_> = detected().map(Engine::name).collect();
    names.join(", ")
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Engine {
    type Err = EngineError;

    fn from_str(name: &str) -> Result<Self, EngineError> {
        if let Some(engine) = detected().find(|engine| engine.name() == name) {
            return Ok(engine);
        }
        match NAMES.into_iter().find(|known| *known == name) {
            Some(known) => Err(EngineError::Missing(known)),
            None => Err(EngineError::Unknown(name.to_owned())),
        }
    }
}
