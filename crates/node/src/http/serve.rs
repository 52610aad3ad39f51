//! Assembles the server: actix-web's, with guards around each connection and each request.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::App;
use actix_web::dev::{AppConfig, Server, Service};
use actix_web::rt::net::TcpStream;
use actix_web::web::ServiceConfig;

use super::connection::Connection;
use super::limits::{Guards, watch, workers};
use super::log::LoggedRequest;
use super::{answer, target};

/// How long the kernel keeps data that the client does not acknowledge, in milliseconds.
const USER_TIMEOUT: u32 = 30_000;

/// Bytes that the kernel buffers for a client (Linux doubles the number). It asks for more when a third is sent:
/// with its default of 4 MiB, a client that reads 1 MB/s would seem stalled for a second.
const SEND_BUFFER: usize = 256 << 10;

/// Idle time before a connection is closed.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Longest time for the head of the first request.
const FIRST_HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest time for closing a connection.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Sockets beyond the connection limit: clients that are arriving, being refused, or leaving.
const SURPLUS_SOCKETS: usize = 48;

/// Blocking threads per worker. Their work is bounded elsewhere, and this need only be slightly more than those bounds.
const BLOCKING_THREADS: usize = 64;

/// Starts a server. When stopped, it finishes requests in flight within `grace`. `configure` adds the routes and
/// the handlers' shared data.
///
/// # Errors
///
/// Any error of the sockets.
pub fn start(
    listener: TcpListener,
    guards: &Arc<Guards>,
    grace: Duration,
    configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    actix_web::rt::spawn(watch(Arc::clone(guards)));
    let workers = workers();
    let builder = Server::build();
    let stopping = builder.graceful_shutdown_signal();
    let sockets = guards.connections.bounds().total + SURPLUS_SOCKETS;
    let guards = Arc::clone(guards);
    let service = move || {
        let (stopping, guards) = (stopping.clone(), Arc::clone(&guards));
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(FIRST_HEAD_TIMEOUT)
            .client_disconnect_timeout(CLOSE_TIMEOUT)
            // Cancel the request of a client that hangs up: a search for a proof must not go on.
            .h1_allow_half_closed(false)
            .on_connect_ext(|connection: &Connection, data| drop(data.insert(Arc::clone(connection.usage()))))
            .h1(map_config(app(Arc::clone(&guards), configure.clone()), |()| AppConfig::default()));
        fn_service(move |stream| std::future::ready(admit(stream, &guards))).and_then(http)
    };
    let server = builder.disable_signals().shutdown_timeout(grace.as_secs());
    let server = server.workers(workers).worker_max_blocking_threads(BLOCKING_THREADS);
    // The real limit is further in, where one connection can make room for another. This one only protects the
    // reserved file descriptors when many clients come and go at once.
    let server = server.max_concurrent_connections(sockets.div_ceil(workers));
    Ok(server.listen("http", listener, service)?.run())
}

/// The handlers and what happens around each of them.
fn app(
    guards: Arc<Guards>,
    configure: impl Fn(&mut ServiceConfig),
) -> impl ServiceFactory<
    actix_http::Request,
    Config = AppConfig,
    Response = actix_web::dev::ServiceResponse<answer::AnswerBody>,
    Error = actix_web::Error,
    InitError = (),
> {
    let around = App::new().wrap_fn(move |mut request, service| {
        let logged = LoggedRequest::new(&guards.requests, &request);
        let (guards, active) = (Arc::clone(&guards), answer::begin(&mut request));
        target::join(&mut request);
        let answering = service.call(request);
        async move { Ok(answer::finish(&guards.outstanding, active, logged, answering.await?).await) }
    });
    around.configure(configure).into_factory()
}

/// Admits a connection or refuses it.
fn admit(
    stream: TcpStream,
    guards: &Arc<Guards>,
) -> Result<(Connection, Option<std::net::SocketAddr>), DispatchError> {
    let client = stream.peer_addr()?;
    // Send each piece of an answer at once, not after the client has acknowledged the one before.
    stream.set_nodelay(true)?;
    // Best effort: not every system has these.
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, USER_TIMEOUT);
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(&stream, SEND_BUFFER);
    let Some(usage) = guards.connections.admit(client) else {
        guards.refusals.refuse(stream);
        return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into());
    };
    Ok((Connection::new(stream, client.ip(), usage, Arc::clone(guards)), Some(client)))
}
