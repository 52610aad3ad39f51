//! The signals that stop a node.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// From now on, SIGINT (Ctrl-C), SIGTERM and SIGHUP (a terminal that was closed) no longer end the process but make the
/// answer ready. A second SIGINT or SIGTERM ends the process at once. A node that was started with `nohup` does not
/// notice SIGHUP.
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
            signals.next_demand().await;
            std::process::exit(130);
        });
    })
}

/// Makes a write beyond `ulimit -f` fail, of which the node can say what it is, where the system would end the process
/// (SIGXFSZ).
///
/// # Errors
///
/// What the system says when it does not let the signal be handled.
#[cfg(unix)]
pub fn survive_file_size_limit() -> std::io::Result<()> {
    // Nobody looks at the flag: it is enough that the signal does something else.
    signal_hook::flag::register(libc::SIGXFSZ, std::sync::Arc::default()).map(drop)
}

/// There is no such limit.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn survive_file_size_limit() -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// None if it was ignored at the start.
    hangup: Option<Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        let hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup,
        })
    }

    async fn next(&mut self) {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => drop(hangup.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = hangup => {}
        }
    }

    /// A signal that somebody sends on purpose. Of a terminal that is closed both the shell and the system tell.
    async fn next_demand(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Whether whoever started the process wants it to outlive the terminal, as `nohup` does.
#[cfg(target_os = "linux")]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (libc::SIGHUP - 1) & 1 == 1)
}

/// `nohup` takes the terminal away; where the system does not tell what is ignored, that shows it.
#[cfg(all(unix, not(target_os = "linux")))]
fn ignores_hangup() -> bool {
    use std::io::IsTerminal;
    !std::io::stderr().is_terminal()
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

    async fn next_demand(&mut self) {
        self.next().await;
    }
}
