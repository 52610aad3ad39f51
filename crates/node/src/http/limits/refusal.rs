//! Telling a client that there is no room for its connection, or no place for its request.

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

/// The sentence for a client that finds no place.
pub const OVERLOADED: &str = "overloaded: too many clients; retry later";

/// After how many seconds a client that finds no place may ask again: the header `Retry-After`.
pub const RETRY: u32 = 1;

/// How many clients are told at a time; others are turned away without a word.
const AT_A_TIME: usize = 16;

/// How long the client may take to hear it.
const HEARD: Duration = Duration::from_secs(1);

/// The answer to a client that finds no place.
pub(in crate::http) fn busy() -> HttpResponse<BoxBody> {
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, RETRY))
        .content_type(ContentType::plaintext())
        .body(OVERLOADED)
}

/// Clients that are being told that there is no room for their connection.
#[derive(Debug)]
pub(in crate::http) struct Refusals(Arc<Semaphore>);

impl Refusals {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }

    /// Answers 503 to whatever the client asks, and hangs up.
    pub(in crate::http) fn refuse(&self, stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else { return };
        actix_web::rt::spawn(async move {
            let _ = timeout(HEARD, tell(stream)).await;
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
    // Hanging up on bytes that were not read would take the answer away from the client again.
    let mut rest = [0; 1024];
    while tokio::io::AsyncReadExt::read(&mut stream, &mut rest).await? > 0 {}
    Ok(())
}
