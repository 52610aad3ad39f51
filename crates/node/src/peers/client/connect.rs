//! Connections to peers.

use std::io;
use std::time::Duration;

use actix_service::Service;
use actix_tls::connect::{ConnectError, ConnectInfo, Connection};
use actix_web::rt::net::TcpStream;
use awc::http::Uri;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::time::timeout;

use super::error::ClientError;
use super::limits::Limits;
use super::stream::AnswerStream;
use crate::peers::registry::look_up;

/// awc's connector to peers, with time limits. Checks the peer's IP addresses each time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connect(pub(super) Limits);

impl Service<ConnectInfo<Uri>> for Connect {
    type Response = Connection<Uri, AnswerStream>;
    type Error = ConnectError;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    actix_service::always_ready!();

    fn call(&self, to: ConnectInfo<Uri>) -> Self::Future {
        let Limits { silence, first_byte, .. } = self.0;
        let host = format!("{}:{}", to.hostname(), to.port());
        let uri = to.request().clone();
        async move {
            // awc passes the error on unchanged.
            let stream =
                connect(host, silence).await.map_err(|error| ConnectError::Resolver(error.into()))?;
            Ok(Connection::new(uri, AnswerStream::new(stream, first_byte)))
        }
        .boxed_local()
    }
}

/// Connects to `host:port`: tries its IP addresses in turn.
async fn connect(host: String, time: Duration) -> Result<TcpStream, ClientError> {
    timeout(time, connect_first(host, time)).await.unwrap_or(Err(ClientError::Connect(timed_out(time))))
}

/// Gives each IP address its share of the time: one may be an IPv6 address that drops all packets.
async fn connect_first(host: String, time: Duration) -> Result<TcpStream, ClientError> {
    let addresses = look_up(host).await?;
    let share = time / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "its name has no IP address");
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
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
