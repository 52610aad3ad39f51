//! The signals that stop a node.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Returns a future that completes at SIGINT (Ctrl-C), SIGTERM or SIGHUP (closed terminal). The first of these no longer
/// ends the process. A second SIGINT or SIGTERM does, at once. A node started with `nohup` ignores SIGHUP.
///
/// Call it in an async runtime.
///
/// # Errors
///
/// The system's error if signals cannot be handled.
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

/// Makes writes beyond `ulimit -f` return an error, which the node can report, instead of ending the process
/// (SIGXFSZ).
///
/// # Errors
///
/// The system's error if the signal cannot be handled.
#[cfg(unix)]
pub fn survive_file_size_limit() -> std::io::Result<()> {
    // The flag is not read: any handler prevents the default action.
    signal_hook::flag::register(libc::SIGXFSZ, std::sync::Arc::default()).map(drop)
}

/// Does nothing: there is no such limit.
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
    /// `None` if it was ignored at the start.
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

    /// Waits for SIGINT or SIGTERM. SIGHUP does not count: a closed terminal sends it twice, from the shell and from
    /// the system.
    async fn next_demand(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Whether the process was started to outlive its terminal, as with `nohup`.
#[cfg(target_os = "linux")]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (libc::SIGHUP - 1) & 1 == 1)
}

/// `nohup` redirects standard error away from the terminal. That is the only hint where the system does not tell
/// which signals are ignored.
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
