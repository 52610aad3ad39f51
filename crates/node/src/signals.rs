//! The signals that stop a node.

/// Is ready when the process is told to stop: SIGINT (Ctrl-C) or SIGTERM. A second signal ends the process at once.
pub async fn stop() {
    next().await;
    actix_web::rt::spawn(async {
        next().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn next() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn next() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
