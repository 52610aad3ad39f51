//! The server: it is given its listener and its stop signal, and finishes what is in flight.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use tokio_util::sync::CancellationToken;

use crate::node::Node;
use crate::{api, http};

/// How long requests in flight may go on after the stop signal; what is not finished then is broken off.
const GRACE: Duration = Duration::from_secs(10);

/// How long mining and asking neighbours may go on after the stop signal.
const SEARCH_GRACE: Duration = Duration::from_secs(3);

/// Serves until `stop` is cancelled, then finishes what is in flight, within limits of time.
///
/// # Errors
///
/// What the sockets do.
pub async fn serve(listener: TcpListener, node: Node, stop: CancellationToken) -> std::io::Result<()> {
    let node = web::Data::new(node);
    let shared = node.clone();
    let server = http::start(listener, &node.guards, GRACE, move |config| {
        config.app_data(shared.clone()).configure(api::routes);
    })?;
    let handle = server.handle();
    let node = node.into_inner();
    let (miner, mines) = (Arc::clone(&node), stop.child_token());
    actix_web::rt::spawn(async move {
        mines.run_until_cancelled(miner.automatic.run(&miner.miner)).await;
    });
    actix_web::rt::spawn(async move {
        stop.cancelled().await;
        tracing::info!("stopping; a second signal stops at once");
        actix_web::rt::spawn(async move {
            tokio::time::sleep(SEARCH_GRACE).await;
            node.searches.cancel();
        });
        handle.stop(true).await;
    });
    server.await
}
