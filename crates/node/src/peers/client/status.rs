//! Requests a peer's `/status`, which Python nodes do not have.

use std::time::Duration;

use actix_web::web::Bytes;
use awc::error::PayloadError;
use ledger_core::{NodeAddress, Printable};
use tokio::time::timeout;

use super::error::{ClientError, is_temporary};
use super::request::Client;

/// The most bytes of a status. Ours have about two thousand.
const MAX_BYTES: usize = 64 << 10;

/// Why a peer's status is not known.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The peer does not answer.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The peer took too long.
    #[error("its /status did not come within {0:?}")]
    Late(Duration),
    /// The status is too large.
    #[error("its /status has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// The connection failed during the response.
    #[error("its /status broke off: {}", Printable::foreign(.0))]
    Broken(PayloadError),
}

impl Client {
    /// Requests a peer's status. `None` if the peer has no such page.
    ///
    /// # Errors
    ///
    /// [`StatusError`].
    pub(in crate::peers) async fn status(&self, peer: &NodeAddress) -> Result<Option<Bytes>, StatusError> {
        let time = self.limits.silence;
        timeout(time, self.request_status(peer)).await.unwrap_or(Err(StatusError::Late(time)))
    }

    async fn request_status(&self, peer: &NodeAddress) -> Result<Option<Bytes>, StatusError> {
        match self.read(peer, "/status", MAX_BYTES).await {
            Ok(status) => Ok(Some(status)),
            Err(ClientError::Status(status)) if !is_temporary(status) => Ok(None),
            Err(ClientError::Redirect(..)) => Ok(None),
            Err(ClientError::Broken(PayloadError::Overflow)) => Err(StatusError::TooLarge),
            Err(ClientError::Broken(error)) => Err(StatusError::Broken(error)),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::peers::client::Limits;

    /// A neighbour that answers each request with this head.
    fn answering(head: &'static str) -> NodeAddress {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string().parse().unwrap();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let _ = connection.read(&mut [0; 1024]);
                let _ = write!(connection, "HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\n{{}}");
            }
        });
        address
    }

    async fn status(head: &'static str) -> Result<Option<Bytes>, StatusError> {
        let time = Duration::from_secs(30);
        let limits = Limits { silence: time, first_byte: time, deadline: time, bytes: 1 << 20 };
        Client::new(limits).status(&answering(head)).await
    }

    #[actix_web::test]
    async fn busy_neighbour_is_not_one_without_the_page() {
        assert_eq!(status("200 OK").await.unwrap().as_deref(), Some(&b"{}"[..]));
        assert!(status("404 Not Found").await.unwrap().is_none());
        assert!(status("302 Found\r\nLocation: /").await.unwrap().is_none());
        let busy = status("503 Service Unavailable").await.unwrap_err();
        assert!(busy.to_string().contains("busy"), "{busy}");
    }
}
