//! Shows a progress bar below the log while a chain is fetched from peers.

use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::sleep;

use crate::events::{Heard, Listener};
use crate::network::Sync;
use crate::telemetry::{Bar, progress};

/// Time between two moves of the bar. A sync that takes less is not shown.
const TICK: Duration = Duration::from_millis(100);

/// Shows each sync.
pub(super) async fn run(mut events: Listener, mut syncs: Receiver<Option<Sync>>) {
    loop {
        let is_syncing = tokio::select! {
            heard = events.next() => match heard {
                Heard::Ended => return,
                _ => false,
            },
            begun = syncs.wait_for(Option::is_some) => match begun {
                Ok(_) => true,
                // The network has ended.
                Err(_) => return,
            },
        };
        if is_syncing {
            show(&syncs).await;
        }
    }
}

async fn show(syncs: &Receiver<Option<Sync>>) {
    let (now, mut shown) = (|| *syncs.borrow(), None);
    sleep(TICK).await;
    while let Some(Sync { from, height, target, .. }) = now() {
        let begin = || Bar::show(progress::blocks("syncing", target).with_position(from));
        shown.get_or_insert_with(begin).set(height, target);
        sleep(TICK).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::watch;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bar_follows_a_long_sync_until_its_end() {
        let (progress, syncs) = watch::channel(Some(Sync::at(100, 250, 400)));
        let showing = tokio::spawn(async move { show(&syncs).await });
        sleep(TICK / 2).await;
        assert_eq!(Bar::shown(), None, "a short one is not shown");
        sleep(TICK).await;
        assert_eq!(Bar::shown(), Some((250, 400)));
        progress.send_replace(Some(Sync::at(100, 300, 500)));
        sleep(TICK).await;
        assert_eq!(Bar::shown(), Some((300, 500)));
        progress.send_replace(None);
        showing.await.unwrap();
        assert_eq!(Bar::shown(), None);
    }
}
