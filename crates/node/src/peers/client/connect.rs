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

/// awc's way to a peer, within limits of time: where it leads to is checked each time.
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
            // awc hands the error on as it is.
            let stream =
                connect(host, silence).await.map_err(|error| ConnectError::Resolver(error.into()))?;
            Ok(Connection::new(uri, AnswerStream::new(stream, first_byte)))
        }
        .boxed_local()
    }
}

/// Connects to `host:port` within this time: to the first of its addresses that takes the connection.
async fn connect(host: String, time: Duration) -> Result<TcpStream, ClientError> {
    timeout(time, first(host, time)).await.unwrap_or(Err(ClientError::Connect(timed_out(time))))
}

/// Each address has its share of the time: a name may lead to an IPv6 address that swallows what is sent to it.
async fn first(host: String, time: Duration) -> Result<TcpStream, ClientError> {
    let places = look_up(host).await?;
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
