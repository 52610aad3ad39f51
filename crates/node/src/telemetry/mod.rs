//! The log, on standard error.
//!
//! - `time`: the time of day in front of each line
//! - `lines`: the queue from whoever logs to the thread that writes

mod lines;
mod time;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use ledger_core::Printable;
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{self, Writer};
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use lines::Lines;
use time::LocalTime;

/// What is logged if nothing else is said. Of each connection that breaks off or sends no HTTP, actix-http writes a line:
/// everybody could fill the log with them.
const DEFAULT: &str = "info,actix_server=warn,actix_http=off";

static LINES: OnceLock<Lines> = OnceLock::new();

/// Begins to log what `RUST_LOG` asks for: by default what a person at the terminal wants to know.
pub fn start() {
    let (filter, no_filter) = filter(std::env::var_os("RUST_LOG"));
    let (time, no_zone) = LocalTime::find();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer())
        .with_ansi(is_watched() && shows_colours())
        .with_target(false)
        .fmt_fields(format::debug_fn(write_field))
        // What cannot be written is lost. To report that, the library would panic where standard error is closed.
        .log_internal_errors(false)
        .with_timer(time)
        .init();
    [no_filter, no_zone].iter().flatten().for_each(|doubt| tracing::warn!("{doubt}"));
}

/// What is logged, and what is wrong with what was asked for. An empty variable asks for nothing.
fn filter(asked: Option<OsString>) -> (EnvFilter, Option<String>) {
    let usual = || EnvFilter::new(DEFAULT);
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return (usual(), None) };
    let asked = asked.to_string_lossy();
    match EnvFilter::try_new(&asked) {
        Ok(filter) => (filter, None),
        Err(error) => {
            let says =
                Printable::foreign(format_args!("RUST_LOG={asked} is passed over: {error}")).to_string();
            (usual(), Some(format!("{says}; try RUST_LOG=debug")))
        }
    }
}

/// Whether the terminal takes colours, and its user wants them.
fn shows_colours() -> bool {
    let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    is_wanted && std::env::var_os("TERM").is_none_or(|name| name != "dumb")
}

/// Waits until what was logged is written, for a second at the most. To be called before the process ends.
pub fn flush() {
    if let Some(lines) = LINES.get() {
        lines.flush();
    }
}

/// Whether somebody watches the log at a terminal.
pub fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// The queue, or standard error itself where the system has no thread for a queue.
fn writer() -> BoxMakeWriter {
    match Lines::to(io::stderr()) {
        Ok(lines) => {
            let lines = LINES.get_or_init(|| lines).clone();
            BoxMakeWriter::new(move || lines.clone())
        }
        Err(_) => BoxMakeWriter::new(io::stderr),
    }
}

/// Writes a field of an event so that it stays on its line, whoever has a word in it: this program or a library.
fn write_field(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    let value = format_args!("{value:?}");
    match field.name() {
        "message" => write!(writer, "{}", Printable::message(value)),
        name if name.starts_with("log.") => Ok(()),
        name => write!(writer, " {name}={}", Printable::message(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_filter_is_named_and_the_usual_is_logged() {
        for nonsense in ["=", "info,node=loud", "a=b=c", "node=\u{1b}"] {
            let (filter, doubt) = filter(Some(nonsense.into()));
            assert_eq!(filter.to_string(), EnvFilter::new(DEFAULT).to_string(), "{nonsense}");
            let doubt = doubt.unwrap();
            assert!(doubt.starts_with("RUST_LOG=") && !doubt.contains('\u{1b}'), "{doubt}");
        }
    }

    #[test]
    fn an_empty_filter_is_none() {
        for empty in [None, Some("".into())] {
            let (filter, doubt) = filter(empty);
            assert_eq!((filter.to_string(), doubt), (EnvFilter::new(DEFAULT).to_string(), None));
        }
        assert_eq!(super::filter(Some("debug".into())).0.to_string(), "debug");
    }
}
