//! One log line per request, fewer in a flood.
//!
//! - `request_log`: what a line says
//! - `bucket`: how many lines there may be

mod bucket;
mod request_log;

pub(super) use request_log::{LoggedRequest, RequestLog};
