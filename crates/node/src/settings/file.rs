//! Parses the configuration file into settings with their text and line.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::system::files;

/// The configuration file if none is named. It may be missing.
pub const DEFAULT_CONFIG: &str = "config/node.toml";

/// Maximum size of a configuration file, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// A setting in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Line number of the value.
    pub(super) line: usize,
    /// Name as written.
    pub(super) name: String,
    /// Value as text, or why it has none.
    pub(super) value: Result<String, String>,
}

/// Reads the named file, or the default one; none if the default one does not exist.
///
/// # Errors
///
/// The system's error, or that the file is too long or not UTF-8.
pub(super) fn read(named: Option<&Path>) -> io::Result<Option<String>> {
    match open(named).and_then(read_text) {
        Err(error) if named.is_none() && error.kind() == ErrorKind::NotFound => Ok(None),
        text => text.map(Some),
    }
}

/// Opens the named file, which may be a pipe, or the default one.
fn open(named: Option<&Path>) -> io::Result<File> {
    match named {
        Some(path) => File::open(path),
        None => files::open_regular(
            Path::new(DEFAULT_CONFIG),
            OpenOptions::new().read(true),
            files::Links::Followed,
        ),
    }
}

fn read_text(file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::other(format!(
            "it has more than {MAX_FILE} bytes, too many for a configuration"
        )));
    }
    text(bytes).map_err(io::Error::other)
}

/// Decodes the text, and drops the byte order mark that editors on Windows write.
fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("it is UTF-16, as some programs on Windows write; save it as UTF-8".into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (valid, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line}: the byte {:#04x} is not UTF-8; save the file as UTF-8", bytes[valid])
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Parses the file.
///
/// # Errors
///
/// A message with the number of the line that is not TOML.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, String> {
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let number = line(error.span().map_or(0, |span| span.start));
        let message = error.message().replace('\n', "; ");
        let is_repeated = message.starts_with("duplicate key");
        let says = text.lines().nth(number - 1).filter(|_| !is_repeated).and_then(hint);
        format!("line {number}: {}", says.unwrap_or(message))
    })?;
    let entry = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| Entry {
        line: line(value.span().start),
        name: AsRef::<str>::as_ref(name.get_ref()).to_owned(),
        value: as_text(value.get_ref()),
    };
    let mut entries: Vec<Entry> = table.get_ref().iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}

/// A hint for common mistakes on a line that is not TOML.
fn hint(line: &str) -> Option<String> {
    let is_curly = |c: char| matches!(c, '“' | '”' | '„' | '‘' | '’' | '«' | '»');
    if let Some(quote) = line.chars().find(|c| is_curly(*c)) {
        return Some(format!("write the straight quote \" instead of {quote}"));
    }
    let (name, value) = line.split_once(['=', ':'])?;
    let (name, value) = (name.trim(), value.split('#').next().unwrap_or_default().trim());
    if !line.contains('=') {
        return Some(format!("write a setting as {name} = {value}"));
    }
    if value.is_empty() {
        return Some(format!("{name} has no value; give one, or put # before the line"));
    }
    if value.contains(" //") {
        return Some("a comment begins with #, not with //".into());
    }
    if value.ends_with([',', ';']) {
        return Some(format!("nothing follows a value: {name} = {}", value.trim_end_matches([',', ';'])));
    }
    hint_of_value(value).map(|(says, right)| format!("{says}: {name} = {right}"))
}

/// What is wrong with a value that is not TOML, and how to write it.
fn hint_of_value(value: &str) -> Option<(&'static str, String)> {
    if let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let texts: Vec<_> = list.split(',').map(|text| format!("\"{}\"", text.trim())).collect();
        return (!list.contains(['"', '\'']))
            .then(|| ("write texts in quotes", format!("[{}]", texts.join(", "))));
    }
    if value.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    match (&*value.to_lowercase(), value.parse::<f64>()) {
        ("yes", _) => Some(("write true or false", "true".into())),
        ("no", _) => Some(("write true or false", "false".into())),
        (word @ ("true" | "false"), _) => (value != word).then(|| ("use small letters", word.into())),
        (_, Ok(number)) => {
            (number.to_string() != value).then(|| ("write a plain number", number.to_string()))
        }
        _ if value.chars().all(|c| c.is_ascii_digit() || c == ',') => {
            Some(("a number has no comma, and a point before its fraction", "1.5, for example".into()))
        }
        _ => Some(("write a text in quotes", format!("\"{value}\""))),
    }
}

/// The value as an environment variable would have it.
fn as_text(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(integer) => Ok(integer.to_string()),
        DeValue::Float(float) => Ok(float.to_string()),
        DeValue::Boolean(boolean) => Ok(boolean.to_string()),
        DeValue::Array(array) => {
            let parts: Result<Vec<_>, _> = array.iter().map(|part| as_text(part.get_ref())).collect();
            Ok(parts?.join(","))
        }
        DeValue::Datetime(_) => Err("a setting cannot be a date".into()),
        DeValue::Table(_) => {
            Err("a setting cannot be a table; write all settings at the top, without [ ]".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        entries(text).unwrap_err()
    }

    #[test]
    fn values_become_the_text_of_variables() {
        let file = "port = 5001\r\nminingReward\t= 2.50\n\nallowedHost = [\"a\", 'b']\nopen = true\n";
        let read: Vec<_> =
            entries(file).unwrap().into_iter().map(|entry| (entry.line, entry.value.unwrap())).collect();
        let expected = [(1, "5001"), (2, "2.50"), (4, "a,b"), (5, "true")];
        assert_eq!(read, expected.map(|(line, value)| (line, value.to_owned())));
    }

    #[test]
    fn invalid_toml_is_refused_with_line_and_hint() {
        assert_eq!(refusal("port = 1\nhost = “::1”"), "line 2: write the straight quote \" instead of “");
        assert_eq!(refusal("host = localhost"), "line 1: write a text in quotes: host = \"localhost\"");
        let quoted = "line 1: write a text in quotes: ";
        assert_eq!(refusal("host = 127.0.0.1 # here"), format!("{quoted}host = \"127.0.0.1\""));
        assert_eq!(refusal("poolLimit = 16 MiB"), format!("{quoted}poolLimit = \"16 MiB\""));
        assert_eq!(
            refusal("reward = 1,5"),
            "line 1: a number has no comma, and a point before its fraction: reward = 1.5, for example"
        );
        assert_eq!(refusal("reward = .5"), "line 1: write a plain number: reward = 0.5");
        assert_eq!(refusal("difficulty = 04"), "line 1: write a plain number: difficulty = 4");
        assert_eq!(refusal("open = yes"), "line 1: write true or false: open = true");
        assert_eq!(refusal("open = no"), "line 1: write true or false: open = false");
        assert_eq!(refusal("open = False"), "line 1: use small letters: open = false");
        assert_eq!(refusal("peer = [a:1, b:2]"), "line 1: write texts in quotes: peer = [\"a:1\", \"b:2\"]");
        assert_eq!(refusal("port = 5000,"), "line 1: nothing follows a value: port = 5000");
        assert_eq!(refusal("port = 5000 // mine"), "line 1: a comment begins with #, not with //");
        assert_eq!(refusal("port: 5000"), "line 1: write a setting as port = 5000");
        assert_eq!(refusal("host: here"), "line 1: write a setting as host = here");
        assert_eq!(refusal("port =\n"), "line 1: port has no value; give one, or put # before the line");
        for twice in ["port = 1\nport = 2", "reward = 2.50\nreward = 2.50", "peer = [1]\npeer = [2]"] {
            assert!(refusal(twice).starts_with("line 2: duplicate key"), "{twice}");
        }
    }

    #[test]
    fn byte_order_mark_is_skipped_and_other_encodings_are_named() {
        assert_eq!(text(b"\xef\xbb\xbfport = 1".to_vec()).unwrap(), "port = 1");
        assert!(text(b"\xff\xfep\0".to_vec()).unwrap_err().contains("UTF-16"));
        let latin = text(b"# one\n# Zo\xeb".to_vec()).unwrap_err();
        assert_eq!(latin, "line 2: the byte 0xeb is not UTF-8; save the file as UTF-8");
    }

    #[test]
    fn named_file_must_exist_and_the_default_one_may_be_missing() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "port = 1").unwrap();
        assert_eq!(read(Some(file.path())).unwrap().unwrap(), "port = 1");
        let missing = read(Some(Path::new("/nonexistent/node.toml"))).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        assert!(read(Some(Path::new("/"))).is_err(), "a folder");
        // Tests run in the crate's folder.
        assert_eq!(read(None).unwrap(), None);
    }

    #[test]
    fn file_over_a_mebibyte_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (bytes, is_read) in [(MAX_FILE, true), (MAX_FILE + 1, false), (MAX_FILE + 2, false)] {
            std::fs::write(file.path(), "#".repeat(bytes as usize)).unwrap();
            assert_eq!(read(Some(file.path())).is_ok(), is_read, "{bytes}");
        }
    }
}
