//! Scripted peers, each on its own port.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use ledger_core::Members;

use super::made::chains::{answer, texts};

/// A peer that treats every connection alike.
pub(crate) struct Peer {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Peer {
    /// A peer that runs `act` on each connection after reading the request.
    pub(crate) fn with_handler(act: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::with_request_handler(move |stream, _| act(stream))
    }

    /// A peer that runs `act` on each connection and its request.
    pub(crate) fn with_request_handler(act: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Self {
        Self::listening(TcpListener::bind("127.0.0.1:0").unwrap(), act)
    }

    /// Like [`with_request_handler`](Self::with_request_handler), on an existing listener.
    pub(crate) fn listening(
        listener: TcpListener,
        act: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let (stopping, asked) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (stopped, count, act) = (Arc::clone(&stopping), Arc::clone(&asked), Arc::new(act));
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (act, count) = (Arc::clone(&act), Arc::clone(&count));
                thread::spawn(move || {
                    if let Some(request) = read_request(&mut stream) {
                        count.fetch_add(1, Ordering::Relaxed);
                        act(&mut stream, &request);
                    }
                });
            }
        });
        Self { address, stopping, asked }
    }

    /// A peer that sends these bytes, status line included, and hangs up.
    pub(crate) fn sending(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::with_handler(move |stream| drop(stream.write_all(&bytes)))
    }

    /// A peer that answers 200 with a body.
    pub(crate) fn with_body(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self::sending([head(body.len()).into_bytes(), body].concat())
    }

    /// An honest peer with this chain.
    pub(crate) fn with_chain(chain: &[Members]) -> Self {
        Self::with_body(answer(&texts(chain)))
    }

    /// Its address as `host:port`.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// Requests read so far.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

/// The head of an answer with this `Content-Length`.
pub(crate) fn head(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n")
}

/// The head of an answer whose body ends with the connection.
pub(crate) fn endless_head() -> &'static str {
    "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
}

/// Waits for the other side to hang up.
pub(crate) fn until_left(stream: &mut TcpStream) {
    let mut rest = [0; 512];
    while stream.read(&mut rest).is_ok_and(|length| length > 0) {}
}

/// Reads a request, which must ask for the chain or the status.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut piece = [0; 512];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
            _ => return None,
        }
    }
    let request = String::from_utf8(request).ok()?;
    let pages = ["GET /chain ", "GET /chain?from=", "GET /status "];
    pages.iter().any(|page| request.starts_with(page)).then_some(request)
}
