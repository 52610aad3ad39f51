//! The head of a peer's answer: read as servers write it, and written again as awc reads it.
//!
//! awc takes an answer in HTTP/1.1 that ends with its connection for an empty one, and refuses folded headers,
//! informational answers and lengths that are said twice.

use std::time::Duration;

use httparse::{EMPTY_HEADER, Header, ParserConfig, Response, Status};
use ledger_core::Printable;

/// The most bytes of a head, together with those of the informational answers before it.
pub(super) const LIMIT: usize = 64 << 10;

/// The most headers.
const HEADERS: usize = 1_000;

/// The headers that are kept, beside those that say where the body ends.
const KEPT: [&str; 2] = ["Content-Encoding", "Location"];

/// How every head begins.
const BEGINNING: &[u8] = b"HTTP/1.";

/// Why there is no head.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Something else than HTTP, with its first bytes.
    #[error("what answers does not speak HTTP, as a node does (and not HTTPS): it begins with \"{}\"", Printable::foreign(.0))]
    NotHttp(String),
    /// HTTP with a fault in the head.
    #[error("its answer is not HTTP as it should be: {}", Printable::foreign(.0))]
    Unreadable(String),
    /// The connection ended before the head did.
    #[error("it hung up without one")]
    HungUp,
    /// The head did not come in time.
    #[error("it did not begin within {0:?}")]
    Late(Duration),
}

/// A head that is complete.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The head as awc reads it.
    pub(super) bytes: Vec<u8>,
    /// What came of the body already.
    pub(super) rest: Vec<u8>,
    pub(super) body: Body,
}

/// Where a body ends (RFC 9112, section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// There is none.
    None,
    /// After so many bytes.
    Length(u64),
    /// With the last chunk.
    Chunks,
    /// With the connection.
    UntilClose,
}

/// Gathers the bytes of a head.
#[derive(Debug, Default)]
pub(super) struct Heads {
    held: Vec<u8>,
    /// How many bytes of `held` have been searched for the end.
    searched: usize,
    /// The bytes of what was passed over: informational answers, and blank lines before a status line.
    passed: usize,
}

impl Heads {
    /// Takes the next bytes of a connection; the head, once it is complete.
    ///
    /// # Errors
    ///
    /// [`HeadError`].
    pub(super) fn feed(&mut self, piece: &[u8]) -> Result<Option<Head>, HeadError> {
        self.held.extend_from_slice(piece);
        loop {
            let blank = self.held.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.pass(blank);
            let shown = self.held.len().min(BEGINNING.len());
            if !BEGINNING.starts_with(&self.held[..shown]) {
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

    /// Where the head ends: behind its first blank line.
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

/// Writes a head as awc reads it, and says where the body ends; none for that of an informational answer.
fn translate(head: &[u8]) -> Result<Option<(Vec<u8>, Body)>, HeadError> {
    let mut headers = vec![EMPTY_HEADER; HEADERS];
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
    for name in KEPT {
        for value in values(answer.headers, name) {
            let unfolded = value.iter().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte });
            bytes.extend(name.bytes().chain(*b": ").chain(unfolded).chain(*b"\r\n"));
        }
    }
    bytes.extend(b"\r\n");
    Ok(Some((bytes, body)))
}

impl Body {
    /// Where the body of an answer with these headers ends. Chunks go before a length, in HTTP/1.0 as well.
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

/// The members of a header whose value is a list.
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

/// What there is of the first line, as far as it is worth showing.
fn first_line(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What awc reads of an answer, and where its body ends.
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
    fn the_end_of_a_body_is_found_as_clients_find_it() {
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
    fn awc_reads_plain_heads_and_the_body_unchanged() {
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\n\r\n\r\nbody\n\n", "HTTP/1.0 200 \r\n\r\n\r\nbody\n\n"),
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
    fn heads_without_end_are_refused() {
        let endless = [&b"HTTP/1.1 200 OK\r\nX: "[..], &vec![b'x'; LIMIT]].concat();
        let informed = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(LIMIT / 20);
        for answer in [endless, informed, b"\r\n".repeat(LIMIT)] {
            assert!(refused(&answer).ends_with("a head of more than 65536 bytes"));
        }
    }

    #[test]
    fn what_is_no_http_is_shown() {
        let ssh = refused(b"SSH-2.0-OpenSSH_9.6\r\n");
        assert!(ssh.ends_with("it begins with \"SSH-2.0-OpenSSH_9.6\""), "{ssh}");
        let tls = refused(b"\x15\x03\x01\x00\x02\x02\x46");
        assert!(tls.ends_with(r#"it begins with "\u{15}\u{3}\u{1}\0\u{2}\u{2}F""#), "{tls}");
        assert!(refused(b"HTTP/1.1 two hundred\r\n\r\n").contains("not HTTP as it should be"));
        assert!(matches!(Heads::default().feed(b"HTT"), Ok(None)));
    }
}
