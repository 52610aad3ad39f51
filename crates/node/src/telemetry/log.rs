//! Sets up the log.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use ledger_core::Printable;
use tracing::field::Field;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::{self, Writer};
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::bar::AboveBar;
use super::lines::Lines;
use super::time::LocalTime;

/// The default filter. actix-http logs every connection that breaks off or sends no HTTP. libp2p, its yamux and its
/// multistream-select log invalid messages of peers. Anybody could flood the log with those lines.
const DEFAULT: &str = "info,actix_server=warn,actix_http=off,libp2p=off,multistream_select=off,yamux=off";

/// Name prefixes of the crates that log.
const PARTS: [&str; 11] =
    ["node", "ledger_core", "wallet", "actix", "hyper", "libp2p", "mio", "p2p", "tokio", "tracing", "want"];

static LINES: OnceLock<Lines> = OnceLock::new();

/// Starts logging what `RUST_LOG` selects: by default what a user at the terminal wants to know.
pub fn start() {
    let (filter, no_filter) = filter(std::env::var_os("RUST_LOG"));
    let (time, no_zone) = LocalTime::find();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer())
        .with_ansi(is_watched() && shows_colours())
        .with_target(false)
        .fmt_fields(format::debug_fn(write_field))
        // Drop lines that cannot be written: the library would report them on standard error, and panic if that is closed.
        .log_internal_errors(false)
        .with_timer(time)
        .init();
    [no_filter, no_zone].iter().flatten().for_each(|doubt| tracing::warn!("{doubt}"));
}

/// The filter, and what is wrong with the given one. An empty variable selects the default.
fn filter(asked: Option<OsString>) -> (EnvFilter, Option<String>) {
    let usual = || EnvFilter::new(DEFAULT);
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return (usual(), None) };
    let asked = asked.to_string_lossy();
    let filter = match unknown(&asked) {
        Some(word) => Err(format!("unknown level or crate {word:?}")),
        None => EnvFilter::try_new(without_spaces(&asked)).map_err(|error| error.to_string()),
    };
    match filter {
        Ok(filter) => (filter, None),
        Err(error) => {
            let says = Printable::foreign(format_args!("ignoring RUST_LOG={asked}: {error}")).to_string();
            (usual(), Some(format!("{says}; try RUST_LOG=debug")))
        }
    }
}

fn without_spaces(asked: &str) -> String {
    asked.split(',').map(str::trim).collect::<Vec<_>>().join(",")
}

/// A single word that is neither a level nor the name of a crate that logs. The library would take it for a name,
/// and log nothing else.
fn unknown(asked: &str) -> Option<&str> {
    let is_part = |word: &str| PARTS.iter().any(|part| word.starts_with(part));
    let is_known = |word: &str| word.parse::<LevelFilter>().is_ok() || is_part(word);
    let mut words = asked.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.find(|word| !word.contains(['=', '[']) && !is_known(word))
}

/// Whether the terminal supports colours and the user wants them.
fn shows_colours() -> bool {
    let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    is_wanted && std::env::var_os("TERM").is_none_or(|name| name != "dumb")
}

/// Waits up to a second until everything is written. Call it before the process ends.
pub fn flush() {
    if let Some(lines) = LINES.get() {
        lines.flush();
    }
}

/// Whether standard error is a terminal.
pub fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// The queue, or standard error itself if the system refuses the thread.
fn writer() -> BoxMakeWriter {
    match Lines::to(AboveBar(io::stderr())) {
        Ok(lines) => {
            let lines = LINES.get_or_init(|| lines).clone();
            BoxMakeWriter::new(move || lines.clone())
        }
        Err(_) => BoxMakeWriter::new(io::stderr),
    }
}

/// Writes a field without line breaks or control characters.
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
    fn invalid_filter_is_reported_and_the_default_applies() {
        for nonsense in ["=", "info,node=loud", "a=b=c", "node=\u{1b}"] {
            let (filter, doubt) = filter(Some(nonsense.into()));
            assert_eq!(filter.to_string(), EnvFilter::new(DEFAULT).to_string(), "{nonsense}");
            let doubt = doubt.unwrap();
            assert!(doubt.starts_with("ignoring RUST_LOG=") && !doubt.contains('\u{1b}'), "{doubt}");
        }
    }

    #[test]
    fn unknown_word_does_not_silence_the_log() {
        for word in ["verbose", "warning", "quiet", "info,verbose", "node=debug,all"] {
            let (filter, doubt) = filter(Some(word.into()));
            assert_eq!(filter.to_string(), EnvFilter::new(DEFAULT).to_string(), "{word}");
            let doubt = doubt.unwrap();
            assert!(
                doubt.starts_with(&format!("ignoring RUST_LOG={word}: unknown level or crate")),
                "{doubt}"
            );
        }
        for word in
            ["debug", "WARN", " debug ", "info, actix_web=debug", "node", "node::miner", "off", "3", "info,"]
        {
            assert_eq!(filter(Some(word.into())).1, None, "{word}");
        }
        assert_eq!(filter(Some(" debug ".into())).0.to_string(), "debug");
    }

    #[test]
    fn strangers_cannot_fill_the_log_through_a_library() {
        use tracing::{Level, enabled};
        let log = tracing_subscriber::fmt().with_env_filter(filter(None).0).finish();
        tracing::subscriber::with_default(log, || {
            assert!(enabled!(target: "node::network", Level::INFO));
            assert!(!enabled!(target: "actix_http::h1::dispatcher", Level::ERROR));
            assert!(!enabled!(target: "libp2p_swarm::connection", Level::ERROR));
            assert!(!enabled!(target: "multistream_select::listener_select", Level::WARN));
            assert!(!enabled!(target: "yamux::connection", Level::ERROR));
        });
    }

    #[test]
    fn empty_filter_is_the_default() {
        for empty in [None, Some("".into())] {
            let (filter, doubt) = filter(empty);
            assert_eq!((filter.to_string(), doubt), (EnvFilter::new(DEFAULT).to_string(), None));
        }
        assert_eq!(super::filter(Some("debug".into())).0.to_string(), "debug");
    }

    #[test]
    fn fields_are_written_on_one_line() {
        let log = crate::telemetry::testing::Log::default();
        let lines = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || lines.clone())
            .fmt_fields(format::debug_fn(write_field))
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(peer = "a\nb", log.line = 7, "two\nlines");
        });
        let logged = log.take();
        assert_eq!(logged.lines().count(), 1, "{logged}");
        assert!(logged.contains(" peer=") && !logged.contains("log.line"), "{logged}");
    }
}
