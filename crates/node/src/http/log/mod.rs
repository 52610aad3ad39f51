//! A line of the log for each request; of a flood of requests only some.
//!
//! - `request_log`: what a line says
//! - `bucket`: how many lines there may be

mod bucket;
mod request_log;

pub(super) use request_log::{Asked, RequestLog};
