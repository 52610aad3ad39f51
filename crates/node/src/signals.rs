//! The signals that stop a node.

/// From now on, SIGINT (Ctrl-C) and SIGTERM no longer end the process but make the answer ready. A second one ends the
/// process at once.
///
/// Must be called in an async runtime.
///
/// # Errors
///
/// What the system says when it does not let signals be handled.
pub fn stop() -> std::io::Result<impl Future<Output = ()> + 'static> {
    let mut signals = Signals::new()?;
    Ok(async move {
        signals.next().await;
        actix_web::rt::spawn(async move {
            signals.next().await;
            std::process::exit(130);
        });
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
