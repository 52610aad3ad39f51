//! A line of the log for each request, as the tutorial's nodes show it; of a flood of requests only some.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, Uri};
use ledger_core::Printable;

use super::bucket::Bucket;

/// The most characters of a path that are shown: enough to see what is asked, and of an address only the beginning.
const PATH: usize = 80;

/// The log of requests, if there is one.
#[derive(Debug)]
pub(in crate::http) struct RequestLog {
    is_on: bool,
    bucket: Mutex<Bucket>,
}

impl RequestLog {
    pub(in crate::http) fn new(is_on: bool) -> Self {
        Self { is_on, bucket: Mutex::new(Bucket::full(Instant::now())) }
    }

    fn write(&self, line: impl FnOnce() -> String) {
        let turn = self.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now());
        match turn {
            None => {}
            Some(0) => tracing::info!("{}", line()),
            Some(unsaid) => tracing::info!("{} (and {unsaid} requests before it)", line()),
        }
    }

    /// Logs a client that was refused before it made a request: what it sent is no HTTP.
    pub(in crate::http) fn no_request(&self, client: IpAddr, begin: Option<u8>) {
        // A handshake of TLS (RFC 8446, section 5.1).
        let hint = if begin == Some(22) {
            "TLS; open http://, not https://"
        } else {
            "what is no request of HTTP/1.1"
        };
        if self.is_on {
            self.write(|| format!("{client} 400: it sent {hint}"));
        }
    }
}

/// A request that was made, until its answer begins.
pub(in crate::http) struct Asked {
    log: Arc<RequestLog>,
    client: Option<IpAddr>,
    method: Method,
    target: Uri,
    begun: Instant,
    is_answered: bool,
}

impl Asked {
    /// Notes a request, if requests are logged.
    pub(in crate::http) fn note(log: &Arc<RequestLog>, request: &ServiceRequest) -> Option<Self> {
        log.is_on.then(|| Self {
            log: Arc::clone(log),
            client: request.peer_addr().map(|client| client.ip().to_canonical()),
            method: request.method().clone(),
            target: request.uri().clone(),
            begun: Instant::now(),
            is_answered: false,
        })
    }

    /// Logs the answer as it begins. A refusal has its reason in the body.
    pub(in crate::http) fn answered(
        mut self,
        response: ServiceResponse<BoxBody>,
    ) -> ServiceResponse<BoxBody> {
        self.is_answered = true;
        let status = response.status();
        if !(status.is_client_error() || status.is_server_error()) {
            self.log.write(|| self.line(status, ""));
            return response;
        }
        response.map_body(|_, body| match body.try_into_bytes() {
            Ok(reason) => {
                self.log.write(|| self.line(status, &String::from_utf8_lossy(&reason)));
                BoxBody::new(reason)
            }
            Err(body) => {
                self.log.write(|| self.line(status, ""));
                body
            }
        })
    }

    fn line(&self, status: StatusCode, reason: &str) -> String {
        let colon = if reason.is_empty() { "" } else { ": " };
        let took = self.begun.elapsed();
        format!("{self} {} in {took:.1?}{colon}{}", status.as_u16(), Printable::foreign(reason))
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(client) = self.client {
            write!(f, "{client} ")?;
        }
        let (path, query) =
            (cut(self.target.path(), PATH), self.target.query().map_or_else(String::new, shown_query));
        let method = cut(self.method.as_str(), PATH);
        write!(f, "{} {}{query}", Printable::foreign(method), Printable::foreign(path))
    }
}

/// A client that hangs up has no answer, but a line.
impl Drop for Asked {
    fn drop(&mut self) {
        if !self.is_answered {
            self.log.write(|| format!("{self} broken off after {:.1?}", self.begun.elapsed()));
        }
    }
}

/// The beginning of a text.
fn cut(text: &str, most: usize) -> String {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    end.map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]))
}

/// What is shown of a query: numbers, as in `?from=3&limit=1`. Anything else may be a secret.
fn shown_query(query: &str) -> String {
    let is_number = |pair: &str| {
        pair.split_once('=').is_some_and(|(name, value)| {
            name.bytes().all(|byte| byte.is_ascii_lowercase())
                && value.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    if query.len() <= PATH && query.split('&').all(is_number) {
        format!("?{query}")
    } else {
        "?…".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_shows_numbers_and_nothing_else() {
        assert_eq!(shown_query("from=3&limit=1"), "?from=3&limit=1");
        for secret in ["token=abc", "from=3&key=LS0t", "", "from", "from=-1", "FROM=1", "a=1&", "a=%31"] {
            assert_eq!(shown_query(secret), "?…", "{secret}");
        }
        assert_eq!(shown_query(&format!("from={}", "1".repeat(100))), "?…");
    }

    #[test]
    fn of_an_address_the_beginning_is_shown() {
        assert_eq!(cut("/chain", PATH), "/chain");
        let address = format!("/addresses/{}", "LS0t".repeat(150));
        assert_eq!(cut(&address, PATH), format!("{}…", &address[..PATH]));
    }
}
