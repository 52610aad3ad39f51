//! Raw connections, for requests that no well-behaved client sends.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use super::PATIENCE;
use super::http::Answer;
use super::node::Node;

/// A connection to a node.
pub(crate) struct Raw(BufReader<TcpStream>);

impl Raw {
    pub(crate) fn open(node: &Node) -> Self {
        Self::with(TcpStream::connect(node.address).unwrap())
    }

    fn with(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    /// A connection from `127.0.0.HOST`, on systems with all of 127.0.0.0/8.
    pub(crate) fn open_from(node: &Node, host: u8) -> Self {
        Self::to(node.address, host)
    }

    /// A connection from `127.0.0.HOST` to any address, likewise.
    #[cfg(target_os = "linux")]
    pub(crate) fn to(address: SocketAddr, host: u8) -> Self {
        use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, socket_with};
        // Without CLOEXEC, nodes of other tests would inherit the connection.
        let flags = SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap();
        bind(&socket, &SocketAddr::from(([127, 0, 0, host], 0))).unwrap();
        connect(&socket, &address).unwrap();
        Self::with(socket.into())
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn to(address: SocketAddr, _host: u8) -> Self {
        Self::with(TcpStream::connect(address).unwrap())
    }

    /// A connection that gives up soon if the node does not read.
    pub(crate) fn open_impatient(node: &Node) -> Self {
        let raw = Self::open(node);
        raw.0.get_ref().set_write_timeout(Some(Duration::from_millis(50))).unwrap();
        raw
    }

    /// Whether the node has already hung up. Does not wait.
    pub(crate) fn is_cut(&self) -> bool {
        let stream = self.0.get_ref();
        stream.set_nonblocking(true).unwrap();
        let peeked = stream.peek(&mut [0]);
        stream.set_nonblocking(false).unwrap();
        peeked.map_or_else(|error| error.kind() != ErrorKind::WouldBlock, |length| length == 0)
    }

    /// Sends bytes. False if the node has hung up.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.get_mut().write_all(bytes.as_ref()).is_ok()
    }

    /// Sends a request without a body and keeps the connection.
    pub(crate) fn ask(&mut self, method: &str, path: &str) {
        assert!(self.send(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    }

    /// Sends a whole POST.
    pub(crate) fn post(&mut self, path: &str, body: &[u8]) {
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
        self.send([head.as_bytes(), body].concat());
    }

    /// Sends a request with only these headers, and `Content-Length` if it has a body.
    pub(crate) fn request(&mut self, method: &str, target: &str, headers: &[&str], body: &str) {
        let length = format!("Content-Length: {}", body.len());
        let length = if body.is_empty() { None } else { Some(length.as_str()) };
        let lines: Vec<&str> = headers.iter().copied().chain(length).collect();
        let head = format!("{method} {target} HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"));
        self.send(head + body);
    }

    /// Shuts down the sending side.
    pub(crate) fn finish(&self) {
        let _ = self.0.get_ref().shutdown(Shutdown::Write);
    }

    /// Reads the next answer. `None` if the node hangs up.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let mut answer = self.head()?;
        answer.text = match answer.header("content-length").map(str::parse) {
            Some(length) => self.exactly(length.ok()?)?,
            None if answer.header("transfer-encoding") == Some("chunked") => self.chunks()?,
            None => String::new(),
        };
        Some(answer)
    }

    /// Reads status and headers, the whole answer to HEAD.
    pub(crate) fn head(&mut self) -> Option<Answer> {
        let status = self.line()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':')?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Some(Answer { status, headers, text: String::new() })
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok().filter(|&length| length > 0)?;
        Some(line.trim_end().to_owned())
    }

    /// Reads this many bytes. `None` if the node hangs up.
    pub(crate) fn exactly(&mut self, length: usize) -> Option<String> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// Reads until the node closes the connection. `None` if the connection breaks.
    pub(crate) fn rest(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn chunks(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.chunk()? {
                chunk if chunk.is_empty() => return Some(text),
                chunk => text += &chunk,
            }
        }
    }

    /// Reads one chunk of an answer; the last one is empty. `None` if the node hangs up.
    pub(crate) fn chunk(&mut self) -> Option<String> {
        let length = usize::from_str_radix(&self.line()?, 16).ok()?;
        let chunk = self.exactly(length)?;
        self.line()?;
        Some(chunk)
    }
}
