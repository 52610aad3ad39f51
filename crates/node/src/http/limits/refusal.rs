//! The answer to a client whose connection or request is not served.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::header::{ContentType, RETRY_AFTER};
use actix_web::rt::net::TcpStream;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The message to a client that is refused.
pub const OVERLOADED: &str = "overloaded: too many clients; retry later";

/// Seconds after which a refused client may retry: the `Retry-After` header.
pub const RETRY: u32 = 1;

/// Clients refused with a message at a time; others are disconnected without one.
const MAX_CONCURRENT: usize = 16;

/// Longest time for the client to read the message.
const SEND_TIMEOUT: Duration = Duration::from_secs(1);

/// The 503 answer.
pub(in crate::http) fn busy() -> HttpResponse<BoxBody> {
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, RETRY))
        .content_type(ContentType::plaintext())
        .body(OVERLOADED)
}

/// Clients that are being refused.
#[derive(Debug)]
pub(in crate::http) struct Refusals(Arc<Semaphore>);

impl Refusals {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MAX_CONCURRENT)))
    }

    /// Answers 503 to whatever the client asks, and closes the connection.
    pub(in crate::http) fn refuse(&self, stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else { return };
        actix_web::rt::spawn(async move {
            let _ = timeout(SEND_TIMEOUT, tell(stream)).await;
            drop(permit);
        });
    }
}

async fn tell(mut stream: TcpStream) -> io::Result<()> {
    let length = OVERLOADED.len();
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: {length}\r\n\
         content-type: text/plain; charset=utf-8\r\nretry-after: {RETRY}\r\n\r\n{OVERLOADED}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // Read what the client sent: closing a socket with unread data resets it and discards our answer.
    let mut rest = [0; 1024];
    while tokio::io::AsyncReadExt::read(&mut stream, &mut rest).await? > 0 {}
    Ok(())
}
