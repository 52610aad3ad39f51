//! Parses the head of a peer's response leniently, and rewrites it for awc.
//!
//! awc takes an HTTP/1.1 response that ends with its connection for an empty one, and refuses folded headers,
//! informational responses and repeated lengths.

use std::time::Duration;

use httparse::{EMPTY_HEADER, Header, ParserConfig, Response, Status};
use ledger_core::Printable;

/// Maximum bytes of a head, including informational responses before it.
pub(super) const LIMIT: usize = 64 << 10;

/// Maximum number of headers.
const MAX_HEADERS: usize = 1_000;

/// Headers to keep, in addition to those that say where the body ends.
const KEPT_HEADERS: [&str; 2] = ["Content-Encoding", "Location"];

/// The start of every head.
const START: &[u8] = b"HTTP/1.";

/// Why a response has no usable head.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Not HTTP; with the first bytes.
    #[error("the peer does not speak HTTP, as nodes do (not HTTPS): it begins with \"{}\"", Printable::foreign(.0))]
    NotHttp(String),
    /// HTTP with an error in the head.
    #[error("its answer is malformed HTTP: {}", Printable::foreign(.0))]
    Unreadable(String),
    /// The connection ended before the head was complete.
    #[error("it closed the connection without a response")]
    HungUp,
    /// The head did not arrive in time.
    #[error("it did not begin within {0:?}")]
    Late(Duration),
}

/// A complete head.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The head, rewritten for awc.
    pub(super) bytes: Vec<u8>,
    /// Bytes of the body that have arrived.
    pub(super) rest: Vec<u8>,
    pub(super) body: Body,
}

/// Where a body ends (RFC 9112, section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// No body.
    None,
    /// After this many bytes.
    Length(u64),
    /// With the last chunk.
    Chunks,
    /// With the connection.
    UntilClose,
}

/// Collects the bytes of a head.
#[derive(Debug, Default)]
pub(super) struct Heads {
    held: Vec<u8>,
    /// Bytes of `held` that were searched for the end.
    searched: usize,
    /// Bytes that were skipped: informational responses, and blank lines before the status line.
    passed: usize,
}

impl Heads {
    /// Takes the next bytes of a connection. Returns the head once it is complete.
    ///
    /// # Errors
    ///
    /// [`HeadError`].
    pub(super) fn feed(&mut self, piece: &[u8]) -> Result<Option<Head>, HeadError> {
        self.held.extend_from_slice(piece);
        loop {
            let blank = self.held.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.pass(blank);
            let shown = self.held.len().min(START.len());
            if !START.starts_with(&self.held[..shown]) {
                return Err(HeadError::NotHttp(first_line(&self.held)));
            }
            let Some(end) = self.end() else {
                return if self.passed + self.held.len() > LIMIT { Err(too_long()) } else { Ok(None) };
            };
            if self.passed + end > LIMIT {
                return Err(too_long());
            }
            if let Some((bytes, body)) = translate(&self.held[..end])? {
                return Ok(Some(Head { bytes, rest: self.held.split_off(end), body }));
            }
            self.pass(end);
        }
    }

    fn pass(&mut self, bytes: usize) {
        self.held.drain(..bytes);
        self.passed += bytes;
        if bytes > 0 {
            self.searched = 0;
        }
    }

    /// The end of the head: after its first blank line.
    fn end(&mut self) -> Option<usize> {
        let from = self.searched.saturating_sub(2);
        self.searched = self.held.len();
        (from..self.held.len()).find_map(|at| match &self.held[at..] {
            [b'\n', b'\n', ..] => Some(at + 2),
            [b'\n', b'\r', b'\n', ..] => Some(at + 3),
            _ => None,
        })
    }
}

/// Rewrites a head for awc and finds out where the body ends; none for an informational response.
fn translate(head: &[u8]) -> Result<Option<(Vec<u8>, Body)>, HeadError> {
    let mut headers = vec![EMPTY_HEADER; MAX_HEADERS];
    let mut answer = Response::new(&mut headers);
    let parsed = ParserConfig::default()
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .allow_multiple_spaces_in_response_status_delimiters(true)
        .ignore_invalid_headers_in_responses(true)
        .parse_response(&mut answer, head);
    let complete = parsed.map_err(|error| HeadError::Unreadable(error.to_string()))?;
    let (Status::Complete(_), Some(status @ 100..)) = (complete, answer.code) else {
        return Err(HeadError::Unreadable("no status".to_owned()));
    };
    if status < 200 && status != 101 {
        return Ok(None);
    }
    let body = if matches!(status, 101 | 204 | 304) { Body::None } else { Body::of(answer.headers)? };
    let version = if body == Body::UntilClose { 0 } else { 1 };
    let mut bytes = format!("HTTP/1.{version} {status} \r\n").into_bytes();
    match body {
        Body::Length(length) => bytes.extend(format!("Content-Length: {length}\r\n").bytes()),
        Body::Chunks => bytes.extend(b"Transfer-Encoding: chunked\r\n"),
        Body::None | Body::UntilClose => {}
    }
    for name in KEPT_HEADERS {
        for value in values(answer.headers, name) {
            let unfolded = value.iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte });
            bytes.extend(name.bytes().chain(*b": ").chain(unfolded).chain(*b"\r\n"));
        }
    }
    bytes.extend(b"\r\n");
    Ok(Some((bytes, body)))
}

impl Body {
    /// Where the body ends, by the headers. Chunks take precedence over a length, in HTTP/1.0 as well.
    fn of(headers: &[Header<'_>]) -> Result<Self, HeadError> {
        let codings = list(headers, "Transfer-Encoding").map(|coding| coding.to_ascii_lowercase());
        match codings.filter(|coding| coding != "identity").last().as_deref() {
            Some("chunked") => return Ok(Self::Chunks),
            Some(_) => return Ok(Self::UntilClose),
            None => {}
        }
        let mut lengths = list(headers, "Content-Length");
        let Some(first) = lengths.next() else { return Ok(Self::UntilClose) };
        let is_number = first.bytes().all(|byte| byte.is_ascii_digit());
        match first.parse() {
            Ok(length) if is_number && lengths.all(|other| other == first) => Ok(Self::Length(length)),
            _ => {
                let all: Vec<_> = list(headers, "Content-Length").collect();
                Err(HeadError::Unreadable(format!("the Content-Length {}", all.join(", "))))
            }
        }
    }
}

/// The elements of a header that is a list.
fn list<'a>(headers: &'a [Header<'a>], name: &'static str) -> impl Iterator<Item = String> + 'a {
    let members = values(headers, name).flat_map(|value| value.split(|byte| *byte == b','));
    members
        .map(|member| String::from_utf8_lossy(member.trim_ascii()).into_owned())
        .filter(|one| !one.is_empty())
}

fn values<'a>(headers: &'a [Header<'a>], name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

fn too_long() -> HeadError {
    HeadError::Unreadable(format!("a head of more than {LIMIT} bytes"))
}

/// The start of the first line, for an error message.
fn first_line(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The response as awc sees it, and where its body ends.
    fn read(answer: &str) -> (String, Body) {
        let head = Heads::default().feed(answer.as_bytes()).unwrap().expect(answer);
        (String::from_utf8([head.bytes, head.rest].concat()).unwrap(), head.body)
    }

    fn body(headers: &str) -> Body {
        read(&format!("HTTP/1.1 200 OK\r\n{headers}\r\n")).1
    }

    fn refused(answer: &[u8]) -> String {
        Heads::default().feed(answer).unwrap_err().to_string()
    }

    #[test]
    fn end_of_body_follows_the_headers() {
        for (headers, expected) in [
            ("", Body::UntilClose),
            ("Transfer-Encoding: identity\r\n", Body::UntilClose),
            ("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", Body::UntilClose),
            ("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", Body::Length(5)),
            ("transfer-encoding: Chunked\r\nContent-Length: 5\r\n", Body::Chunks),
            ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", Body::Chunks),
            ("Content-Length: 5\r\nContent-Length: 5, 5\r\n", Body::Length(5)),
            ("Content-Length:\r\n", Body::UntilClose),
            ("a line without a colon\r\nContent-Length: 5\r\n", Body::Length(5)),
        ] {
            assert_eq!(body(headers), expected, "{headers}");
        }
        assert_eq!(read("HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n").1, Body::Chunks);
        assert_eq!(read("HTTP/1.1 304 Not Modified\r\n\r\n").1, Body::None);
        for length in ["5, 6", "+5", "-5", "0x5", "five", "99999999999999999999"] {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            assert!(
                refused(answer.as_bytes()).ends_with(&format!("the Content-Length {length}")),
                "{length}"
            );
        }
    }

    #[test]
    fn awc_reads_plain_heads_and_the_unchanged_body() {
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\n\r\n\r\nbody\n\n", "HTTP/1.0 200 \r\n\r\n\r\nbody\n\n"),
            ("HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 204 None\r\n\r\n", "HTTP/1.1 204 \r\n\r\n"),
            (
                "\r\nHTTP/1.1  200\nContent-Length: 4\n\nbody",
                "HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\nbody",
            ),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: <x>\r\n\r\nHTTP/1.1 302 Found\r\nLOCATION : a\r\n b\r\nA: b\r\n\r\n",
                "HTTP/1.0 302 \r\nLocation: a   b\r\n\r\n",
            ),
        ] {
            assert_eq!(read(answer).0, expected, "{answer}");
            let mut heads = Heads::default();
            let mut pieces = answer.as_bytes().chunks(1);
            let head = pieces.find_map(|piece| heads.feed(piece).unwrap()).unwrap();
            assert!(expected.as_bytes().starts_with(&head.bytes), "{answer}, byte by byte");
        }
    }

    #[test]
    fn endless_heads_are_refused() {
        let endless = [&b"HTTP/1.1 200 OK\r\nX: "[..], &vec![b'x'; LIMIT]].concat();
        let informed = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(LIMIT / 20);
        for answer in [endless, informed, b"\r\n".repeat(LIMIT)] {
            assert!(refused(&answer).ends_with("a head of more than 65536 bytes"));
        }
    }

    #[test]
    fn head_of_exactly_the_limit_is_read() {
        let head =
            |bytes: usize| format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(bytes - 24)).into_bytes();
        assert!(matches!(Heads::default().feed(&head(LIMIT)), Ok(Some(_))));
        assert!(matches!(Heads::default().feed(&head(LIMIT + 1)[..LIMIT]), Ok(None)));
        for answer in [head(LIMIT + 1), [b"\r\n", &head(LIMIT - 1)[..]].concat()] {
            assert!(refused(&answer).ends_with("a head of more than 65536 bytes"));
        }
    }

    #[test]
    fn error_quotes_what_is_not_http() {
        let ssh = refused(b"SSH-2.0-OpenSSH_9.6\r\n");
        assert!(ssh.ends_with("it begins with \"SSH-2.0-OpenSSH_9.6\""), "{ssh}");
        let tls = refused(b"\x15\x03\x01\x00\x02\x02\x46");
        assert!(tls.ends_with(r#"it begins with "\u{15}\u{3}\u{1}\0\u{2}\u{2}F""#), "{tls}");
        assert!(refused(b"HTTP/1.1 two hundred\r\n\r\n").contains("malformed HTTP"));
        assert!(matches!(Heads::default().feed(b"HTT"), Ok(None)));
    }
}
