//! The server: serves until the stop signal, then finishes what is in flight.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use tokio_util::sync::CancellationToken;

use crate::miner::Automatic;
use crate::node::Node;
use crate::{api, http};

/// How long requests in flight may continue after the stop signal. Then they are cut off.
const GRACE: Duration = Duration::from_secs(10);

/// How long mining and requests to peers may continue after the stop signal.
const SEARCH_GRACE: Duration = Duration::from_secs(3);

/// Serves until `stop` is cancelled, then finishes what is in flight, for `GRACE` at most.
///
/// # Errors
///
/// An error of the sockets.
pub async fn serve(listener: TcpListener, node: Node, stop: CancellationToken) -> std::io::Result<()> {
    let node = web::Data::new(node);
    let shared = node.clone();
    let server = http::start(listener, &node.guards, GRACE, move |config| {
        config.app_data(shared.clone()).configure(|config| api::routes(config, &shared.metrics.requests));
    })?;
    let handle = server.handle();
    let node = node.into_inner();
    let (miner, stopping) = (Arc::clone(&node), stop.child_token());
    actix_web::rt::spawn(async move {
        stopping.run_until_cancelled(Automatic::from(&miner.settings).run(&miner.miner)).await;
    });
    let shown = Arc::clone(&node);
    let stopping = stop.child_token();
    actix_web::rt::spawn(async move { stopping.run_until_cancelled(api::show_progress(&shown)).await });
    actix_web::rt::spawn(async move {
        stop.cancelled().await;
        tracing::info!("stopping; a second signal stops at once");
        node.live.close();
        actix_web::rt::spawn(async move {
            tokio::time::sleep(SEARCH_GRACE).await;
            node.searches.cancel();
        });
        handle.stop(true).await;
    });
    server.await
}

#[cfg(test)]
mod tests {
    use actix_web::rt::System;
    use tokio::time::Instant;

    use super::*;
    use crate::node::testing;

    /// A runtime whose clock jumps to the next timer.
    fn paused() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
    }

    #[test]
    fn searches_continue_for_three_seconds_after_the_stop_signal() {
        System::with_tokio_rt(paused).block_on(async {
            let directory = tempfile::tempdir().unwrap();
            let (node, stop) = (testing::node(directory.path(), &[]), CancellationToken::new());
            let (searches, listener) = (node.searches.clone(), TcpListener::bind("127.0.0.1:0").unwrap());
            let served = actix_web::rt::spawn(serve(listener, node, stop.clone()));
            actix_web::rt::time::sleep(10 * SEARCH_GRACE).await;
            assert!(!searches.is_cancelled());
            let stopped = Instant::now();
            stop.cancel();
            searches.cancelled().await;
            assert_eq!(stopped.elapsed().as_secs(), 3);
            served.await.unwrap().unwrap();
        });
    }
}
