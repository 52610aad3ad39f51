//! One log line per request, as the tutorial's nodes print it; fewer in a flood.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, Uri};
use ledger_core::Printable;

use super::bucket::Bucket;

/// Most characters of a path: enough for every route, and for the beginning of an address.
const MAX_PATH: usize = 80;

/// Logs requests, if the setting says so.
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
        let token = self.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now());
        match token {
            None => {}
            Some(0) => tracing::info!("{}", line()),
            Some(skipped) => tracing::info!("{} ({skipped} more not logged)", line()),
        }
    }

    /// Logs a client that sent something other than HTTP.
    pub(in crate::http) fn not_http(&self, client: IpAddr, begin: Option<u8>) {
        // First byte of a TLS handshake (RFC 8446, section 5.1).
        let hint = if begin == Some(22) {
            "TLS; open http://, not https://"
        } else {
            "something that is not HTTP/1.1"
        };
        if self.is_on {
            self.write(|| format!("{client} 400: it sent {hint}"));
        }
    }
}

/// A request whose answer has not started.
pub(in crate::http) struct LoggedRequest {
    log: Arc<RequestLog>,
    client: Option<IpAddr>,
    method: Method,
    target: Uri,
    started: Instant,
    is_answered: bool,
}

impl LoggedRequest {
    /// Records a request, if requests are logged.
    pub(in crate::http) fn new(log: &Arc<RequestLog>, request: &ServiceRequest) -> Option<Self> {
        log.is_on.then(|| Self {
            log: Arc::clone(log),
            client: request.peer_addr().map(|client| client.ip().to_canonical()),
            method: request.method().clone(),
            target: request.uri().clone(),
            started: Instant::now(),
            is_answered: false,
        })
    }

    /// Logs the answer as it begins. An error's body holds the reason.
    pub(in crate::http) fn answer(mut self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
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
        let took = self.started.elapsed();
        format!("{self} {} in {took:.1?}{colon}{}", status.as_u16(), Printable::foreign(reason))
    }
}

impl std::fmt::Display for LoggedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(client) = self.client {
            write!(f, "{client} ")?;
        }
        let (path, query) =
            (cut(self.target.path(), MAX_PATH), self.target.query().map_or_else(String::new, loggable_query));
        let method = cut(self.method.as_str(), MAX_PATH);
        write!(f, "{} {}{query}", Printable::foreign(method), Printable::foreign(path))
    }
}

/// Logs the request of a client that hung up before the answer.
impl Drop for LoggedRequest {
    fn drop(&mut self) {
        if !self.is_answered {
            self.log.write(|| format!("{self} broken off after {:.1?}", self.started.elapsed()));
        }
    }
}

/// The first `most` characters of a text.
fn cut(text: &str, most: usize) -> String {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    end.map_or_else(|| text.to_owned(), |end| format!("{}…", &text[..end]))
}

/// The part of a query that may be logged: numbers, as in `?from=3&limit=1`. Anything else may be a secret.
fn loggable_query(query: &str) -> String {
    let is_number = |pair: &str| {
        pair.split_once('=').is_some_and(|(name, value)| {
            name.bytes().all(|byte| byte.is_ascii_lowercase())
                && value.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    if query.len() <= MAX_PATH && query.split('&').all(is_number) {
        format!("?{query}")
    } else {
        "?…".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::HttpResponse;
    use actix_web::test::TestRequest;

    use crate::telemetry::testing::Log;

    #[test]
    fn only_numbers_of_a_query_are_logged() {
        assert_eq!(loggable_query("from=3&limit=1"), "?from=3&limit=1");
        for secret in ["token=abc", "from=3&key=LS0t", "", "from", "from=-1", "FROM=1", "a=1&", "a=%31"] {
            assert_eq!(loggable_query(secret), "?…", "{secret}");
        }
        assert_eq!(loggable_query(&format!("from={}", "1".repeat(100))), "?…");
    }

    #[test]
    fn long_path_is_cut() {
        assert_eq!(cut("/chain", MAX_PATH), "/chain");
        let address = format!("/addresses/{}", "LS0t".repeat(150));
        assert_eq!(cut(&address, MAX_PATH), format!("{}…", &address[..MAX_PATH]));
    }

    /// A request that is logged.
    fn logged(path: &str) -> LoggedRequest {
        let log = Arc::new(RequestLog::new(true));
        let request = TestRequest::with_uri(path).peer_addr("[::ffff:192.0.2.7]:1000".parse().unwrap());
        LoggedRequest::new(&log, &request.to_srv_request()).unwrap()
    }

    fn answer(answer: HttpResponse) -> ServiceResponse<BoxBody> {
        TestRequest::default().to_srv_request().into_response(answer)
    }

    #[test]
    fn line_has_client_request_status_and_reason() {
        let (log, _guard) = Log::begin();
        let line = || log.take().split_once("INFO ").map(|(_, line)| line.to_owned()).unwrap_or_default();
        logged("/chain?from=3").answer(answer(HttpResponse::Ok().body("a body")));
        let ok = line();
        assert!(ok.contains("192.0.2.7 GET /chain?from=3 200 in ") && !ok.contains("a body"), "{ok}");
        for status in [StatusCode::BAD_REQUEST, StatusCode::INTERNAL_SERVER_ERROR] {
            let answered = logged("/mine").answer(answer(HttpResponse::build(status).body("a \"reason\"\n")));
            let refused = line();
            assert!(refused.contains(&format!("192.0.2.7 GET /mine {} in ", status.as_u16())), "{refused}");
            assert!(refused.ends_with(": a \"reason\"\\n\n"), "{refused}");
            assert_eq!(answered.into_body().try_into_bytes().unwrap(), "a \"reason\"\n");
        }
        logged("/mine").answer(answer(HttpResponse::NotFound().finish()));
        let silent = line();
        assert!(silent.contains(" 404 in ") && !silent.contains(": \n"), "{silent}");
        drop(logged("/mine"));
        assert!(line().contains("192.0.2.7 GET /mine broken off after "));
        assert_eq!(line(), "");
    }

    #[test]
    fn only_a_log_that_is_on_has_lines() {
        let (log, _guard) = Log::begin();
        let (off, request) = (Arc::new(RequestLog::new(false)), TestRequest::default().to_srv_request());
        assert!(LoggedRequest::new(&off, &request).is_none());
        off.not_http([192, 0, 2, 7].into(), None);
        assert_eq!(log.take(), "");
    }

    #[test]
    fn line_after_a_flood_counts_the_requests_before_it() {
        let ((log, _guard), requests) = (Log::begin(), RequestLog::new(true));
        for _ in 0..1_000 {
            requests.write(|| "a line".to_owned());
        }
        let lines = log.take().matches("a line\n").count();
        assert!((100..1_000).contains(&lines), "{lines}");
        *requests.bucket.lock().unwrap() = Bucket::full(Instant::now());
        requests.write(|| "a line".to_owned());
        assert!(log.take().contains("a line\n"));
    }
}
