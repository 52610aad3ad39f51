//! The server: actix-web's, with a guard around each connection and each request.

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

use super::limits::{Guards, watch, workers};
use super::line::Line;
use super::log::Asked;
use super::{answer, target};

/// How long the kernel keeps bytes for a client that does not acknowledge or take them, in milliseconds.
const UNACKNOWLEDGED: u32 = 30_000;

/// Bytes that the kernel takes before the client does (Linux doubles the number). It asks for more when a third of them
/// has gone: with the 4 MiB of its own choice, a client that reads 1 MB a second would seem to take nothing for a second.
const SEND_BUFFER: usize = 256 << 10;

/// How long a connection waits for the next request.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How long the head of the first request may take.
const FIRST_HEAD: Duration = Duration::from_secs(5);

/// How long a connection may take to end.
const GOODBYE: Duration = Duration::from_secs(1);

/// How many sockets more there may be than connections: clients on their way in, turned away, or on their way out.
const IN_BETWEEN: usize = 48;

/// Threads of a worker that may block. What they do is bounded elsewhere, so a few more than that are enough.
const BLOCKING: usize = 64;

/// Starts a server that finishes what is in flight within `grace` when it is stopped. `configure` adds the routes and
/// what the handlers share.
///
/// # Errors
///
/// What the sockets do.
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
    let sockets = guards.connections.bounds().total + IN_BETWEEN;
    let guards = Arc::clone(guards);
    let service = move || {
        let (stopping, guards) = (stopping.clone(), Arc::clone(&guards));
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(FIRST_HEAD)
            .client_disconnect_timeout(GOODBYE)
            // A client that hangs up does not want its answer any more: what is done for it, such as mining, ends.
            .h1_allow_half_closed(false)
            .on_connect_ext(|line: &Line, data| drop(data.insert(Arc::clone(line.usage()))))
            .h1(map_config(app(Arc::clone(&guards), configure.clone()), |()| AppConfig::default()));
        fn_service(move |stream| std::future::ready(admit(stream, &guards))).and_then(http)
    };
    let server = builder.disable_signals().shutdown_timeout(grace.as_secs());
    let server = server.workers(workers).worker_max_blocking_threads(BLOCKING);
    // Connections are bounded further in, where one can make room for another; this only keeps the descriptors that are
    // set aside for other things, while many clients come and go at once.
    let server = server.max_concurrent_connections(sockets.div_ceil(workers));
    Ok(server.listen("http", listener, service)?.run())
}

/// The handlers, with what is done around each of them.
fn app(
    guards: Arc<Guards>,
    configure: impl Fn(&mut ServiceConfig),
) -> impl ServiceFactory<
    actix_http::Request,
    Config = AppConfig,
    Response = actix_web::dev::ServiceResponse<answer::Answer>,
    Error = actix_web::Error,
    InitError = (),
> {
    let around = App::new().wrap_fn(move |mut request, service| {
        let asked = Asked::note(&guards.requests, &request);
        let (guards, begun) = (Arc::clone(&guards), answer::begin(&mut request));
        target::join(&mut request);
        let answering = service.call(request);
        async move { Ok(answer::finish(&guards.outstanding, begun, asked, answering.await?).await) }
    });
    around.configure(configure).into_factory()
}

/// Takes a connection in, or turns the client away.
fn admit(
    stream: TcpStream,
    guards: &Arc<Guards>,
) -> Result<(Line, Option<std::net::SocketAddr>), DispatchError> {
    let client = stream.peer_addr()?;
    // An answer in several pieces must not wait until the client has acknowledged the first.
    stream.set_nodelay(true)?;
    // Not on every system.
    let _ = rustix::net::sockopt::set_tcp_user_timeout(&stream, UNACKNOWLEDGED);
    let _ = rustix::net::sockopt::set_socket_send_buffer_size(&stream, SEND_BUFFER);
    let Some(usage) = guards.connections.admit(client) else {
        guards.refusals.refuse(stream);
        return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into());
    };
    Ok((Line::new(stream, client.ip(), usage, Arc::clone(guards)), Some(client)))
}
