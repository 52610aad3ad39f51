//! A connection to a peer.

use std::io;
use std::time::Duration;

use actix_web::rt::net::TcpStream;
use ledger_core::NodeAddress;
use tokio::time::timeout;

use super::error::ClientError;
use crate::peers::registry::look_up;

/// Connects to a peer within this time: to the first of its addresses that takes the connection.
///
/// # Errors
///
/// [`ClientError`] with the failure of the last address.
pub(super) async fn connect(peer: &NodeAddress, time: Duration) -> Result<TcpStream, ClientError> {
    timeout(time, first(peer, time)).await.unwrap_or(Err(ClientError::Connect(timed_out(time))))
}

/// Each address has its share of the time: a name may lead to an IPv6 address that swallows what is sent to it.
async fn first(peer: &NodeAddress, time: Duration) -> Result<TcpStream, ClientError> {
    let places = look_up(peer).await?;
    let share = time / u32::try_from(places.len().max(1)).unwrap_or(u32::MAX);
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "its name leads to no address");
    for place in places {
        match timeout(share, TcpStream::connect(place)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = error,
            Err(_) => failure = timed_out(share),
        }
    }
    Err(ClientError::Connect(failure))
}

fn timed_out(time: Duration) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {time:?}"))
}
