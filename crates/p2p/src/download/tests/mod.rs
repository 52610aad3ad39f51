//! Downloads from peers that behave and peers that do not, in virtual time.

mod hostile;
mod orderly;
mod plan;
mod world;
