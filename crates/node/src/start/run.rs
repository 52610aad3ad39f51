//! Starts and stops a node.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::thread::available_parallelism;
use std::time::Duration;

use ledger_core::seam::RuleSet;
use p2p::Identity;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::check::Background;
use crate::http::check_descriptors;
use crate::ledger::Ledger;
use crate::listeners::{self, Listeners};
use crate::live::LiveFeed;
use crate::metrics::Metrics;
use crate::network::{self, Network};
use crate::node::Node;
use crate::server::serve;
use crate::settings::Settings;
use crate::start::inventory::Inventory;
use crate::start::listening;
use crate::start::owner;
use crate::start::ports;
use crate::store::{DataDir, MissingLog};
use crate::system::clock;
use crate::system::signals;
use crate::system::threads;

/// Time for the server's threads to release the ledger after the server has ended.
const LAST_HANDLE: Duration = Duration::from_secs(5);

/// Threads of a node whose number does not depend on the machine, including a few for reads.
const OTHER_THREADS: usize = 16;

/// Runs a node until it is stopped.
///
/// # Errors
///
/// Why the node could not start, or what failed.
pub fn run(settings: &Settings, rules: Arc<dyn RuleSet>) -> anyhow::Result<()> {
    check_descriptors().map_err(anyhow::Error::msg)?;
    threads::check_room(threads_needed(settings)).map_err(anyhow::Error::msg)?;
    let listener = ports::listen(&settings.host, settings.port)?;
    let address = listener.local_addr()?;
    ports::check_p2p(settings, address.ip())?;
    let mut data_dir = data_dir(settings, address.port())?;
    let released = data_dir.released();
    // Inspect everything before creating anything: a refused start must not change a file.
    let directory = data_dir.path().to_owned();
    let mut inventory = Inventory::of(&data_dir, settings, owner::FILE)?;
    let token = owner::find_token(&settings.access, &directory)?;
    let key = if settings.is_networked() { network::find_key(&directory)? } else { None };
    let ledger = Ledger::check(data_dir, rules)?;
    inventory.check_wallet(&ledger, settings.new_wallet)?;
    let paid = ledger.paid_wallet()?;
    let ledger = ledger.open(settings.pool_limit.bytes())?;
    let (wallet, origin) = inventory.wallet(&directory)?;
    ledger.note_wallet(wallet.address())?;
    let policy = owner::policy(&settings.access, token, &directory)?;
    ledger.keep();
    warn_if_exposed(&directory);
    let live = LiveFeed::new(clock::millis());
    let metrics = Metrics::default();
    let mut listeners = listeners::start(&ledger, &live, &metrics.changes)?;
    let served = actix_web::rt::System::new().block_on(async {
        let signal = signals::stop()?;
        inventory.announce(settings, &ledger, (&wallet, origin));
        inventory.warn(ledger.tip(), origin, paid.as_deref(), wallet.address());
        announce_search(settings);
        if let Some(doubt) = clock::doubt() {
            tracing::warn!("{doubt}");
        }
        owner::announce(&settings.access, &directory);
        listening::announce(&listener, address);
        let (stop, (found, fault)) = (CancellationToken::new(), oneshot::channel());
        let found = move || found.send(()).unwrap_or_default();
        let check = Background::start(&ledger, stop.child_token(), found)?;
        actix_web::rt::spawn(cancel(stop.clone(), signal, fault));
        let mut node = Node::new(ledger, wallet, settings, address, policy, live, metrics);
        if settings.is_networked() {
            let key = key.map_or_else(|| network::create_key(&directory), Ok)?;
            join(&mut node, key, &directory, &mut listeners).await?;
        }
        let (network, ledger) = (node.network.clone(), node.ledger.clone());
        let served = serve(listener, node, stop).await;
        match network {
            Some(network) => network.close(&directory, &ledger).await,
            None => network::keep_unsent(&directory, &ledger),
        }
        drop(ledger);
        check.finish()?;
        anyhow::Ok(served?)
    });
    // The server does not wait for its threads, and one of them may still hold the ledger.
    match released.recv_timeout(LAST_HANDLE) {
        Err(RecvTimeoutError::Timeout) => {
            tracing::warn!("a request still holds the ledger; breaking it off");
        }
        _ => listeners.finish(),
    }
    served?;
    tracing::info!("stopped");
    Ok(())
}

/// Joins the peer-to-peer network.
async fn join(
    node: &mut Node,
    key: Identity,
    directory: &Path,
    listeners: &mut Listeners,
) -> anyhow::Result<()> {
    let (place, stop) = ((node.address.ip(), key, directory), node.searches.child_token());
    let wallet = node.wallet.address().fingerprint();
    let who = (&node.settings, wallet.as_str(), node.guards.peer_descriptors);
    let network = Network::join(who, place, (&node.ledger, &node.payments), stop).await?;
    listeners::start_for_network(listeners, &node.ledger, network.clone())?;
    node.network = Some(network);
    Ok(())
}

/// Cancels `stop` on a signal, or when the check finds damage.
async fn cancel(stop: CancellationToken, signal: impl Future<Output = ()>, fault: oneshot::Receiver<()>) {
    let mut signal = pin!(signal);
    tokio::select! {
        () = &mut signal => stop.cancel(),
        Ok(()) = fault => {
            stop.cancel();
            // The node is stopping already, so the first signal must end the process at once.
            signal.await;
            std::process::exit(130);
        }
    }
}

/// What to do with a database whose write-ahead log is missing.
pub fn missing_log(settings: &Settings) -> MissingLog {
    if settings.accept_missing_log { MissingLog::Accepted } else { MissingLog::Refused }
}

/// Threads of a node: two per processor, those of the search, and one for each other task.
fn threads_needed(settings: &Settings) -> usize {
    let processors = available_parallelism().map_or(1, usize::from);
    OTHER_THREADS + 2 * processors + settings.threads.count()
}

fn data_dir(settings: &Settings, port: u16) -> anyhow::Result<DataDir> {
    if settings.in_memory {
        return Ok(DataDir::temporary()?);
    }
    Ok(DataDir::take(&settings.directory(port))?.with_missing_log(missing_log(settings)))
}

/// Warns if others can read the data directory.
#[cfg(unix)]
fn warn_if_exposed(directory: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = directory.metadata().map_or(0, |found| found.permissions().mode());
    if let Some(exposed) = wallet::Exposed::directory(directory, mode) {
        tracing::warn!("the data directory {exposed}");
    }
}

#[cfg(not(unix))]
fn warn_if_exposed(_: &Path) {}

fn announce_search(settings: &Settings) {
    let (engine, threads) = (settings.engine, settings.threads.count());
    tracing::info!("proof search: {engine}, {threads} {}", if threads == 1 { "thread" } else { "threads" });
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;
    use crate::telemetry::testing::Log;

    fn settings(flags: &[&str]) -> Settings {
        Cli::parse_from([&["node"], flags].concat()).flags
    }

    #[tokio::test]
    async fn signal_or_damage_stops_the_node() {
        let (stop, (_found, fault)) = (CancellationToken::new(), oneshot::channel());
        cancel(stop.clone(), std::future::ready(()), fault).await;
        assert!(stop.is_cancelled(), "a signal");
        let (stop, (found, fault)) = (CancellationToken::new(), oneshot::channel());
        let waiting = tokio::spawn(cancel(stop.clone(), std::future::pending(), fault));
        found.send(()).unwrap();
        stop.cancelled().await;
        waiting.abort();
    }

    #[tokio::test]
    async fn check_without_a_finding_stops_nothing() {
        let (stop, (found, fault)) = (CancellationToken::new(), oneshot::channel());
        drop(found);
        let waiting =
            tokio::time::timeout(Duration::ZERO, cancel(stop.clone(), std::future::pending(), fault));
        assert!(waiting.await.is_err() && !stop.is_cancelled());
    }

    #[test]
    fn settings_choose_the_data_directory() {
        let directory = tempfile::tempdir().unwrap();
        let named = settings(&["--data-dir", directory.path().to_str().unwrap()]);
        assert_eq!(data_dir(&named, 5000).unwrap().path(), directory.path());
        assert!(data_dir(&settings(&["--in-memory"]), 5000).unwrap().is_temporary());
    }

    #[test]
    fn missing_log_is_refused_unless_it_is_accepted() {
        assert_eq!(missing_log(&settings(&[])), MissingLog::Refused);
        assert_eq!(missing_log(&settings(&["--accept-missing-log"])), MissingLog::Accepted);
    }

    #[cfg(unix)]
    #[test]
    fn directory_that_others_can_read_is_reported() {
        use std::os::unix::fs::PermissionsExt;
        let ((log, _guard), directory) = (Log::begin(), tempfile::tempdir().unwrap());
        for (mode, is_reported) in [(0o700, false), (0o755, true)] {
            std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            warn_if_exposed(directory.path());
            assert_eq!(log.take().contains("the data directory "), is_reported, "{mode:o}");
        }
    }

    #[test]
    fn threads_of_the_search_are_counted() {
        let (log, _guard) = Log::begin();
        for (threads, words) in [("1", ", 1 thread\n"), ("2", ", 2 threads\n")] {
            announce_search(&settings(&["--threads", threads]));
            let said = log.take();
            assert!(said.contains("proof search: ") && said.ends_with(words), "{said}");
        }
    }
}
