//! The tutorial's rules.

pub mod encode;
