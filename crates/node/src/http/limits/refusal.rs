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

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    /// Both ends of a connection: the client's and ours.
    async fn connected() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (client, listener.accept().await.unwrap().0)
    }

    async fn told(mut client: TcpStream) -> String {
        client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[actix_web::test]
    async fn refused_client_is_told_to_retry() {
        let (client, ours) = connected().await;
        Refusals::new().refuse(ours);
        let answer = told(client).await;
        assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n"), "{answer}");
        assert!(
            answer.ends_with("retry-after: 1\r\n\r\noverloaded: too many clients; retry later"),
            "{answer}"
        );
        let length = format!("content-length: {}\r\n", OVERLOADED.len());
        assert!(answer.contains(&length), "{answer}");
    }

    #[actix_web::test]
    async fn few_clients_are_told_at_a_time() {
        let refusals = Refusals::new();
        let (client, ours) = connected().await;
        let all = Arc::clone(&refusals.0).try_acquire_many_owned(16).unwrap();
        refusals.refuse(ours);
        let mut client = client;
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "it is disconnected without a word");
        drop(all);
        let (client, ours) = connected().await;
        refusals.refuse(ours);
        assert_eq!(refusals.0.available_permits(), 15);
        assert!(told(client).await.ends_with(OVERLOADED));
    }

    #[test]
    fn busy_answer_says_when_to_retry() {
        let answer = busy();
        let retry = answer.headers().get(RETRY_AFTER).unwrap();
        assert_eq!((answer.status().as_u16(), retry.to_str().unwrap()), (503, "1"));
    }
}
