//! What the live feed hears of changes.

use ledger_core::{BlockHash, ForkPoint, Height};
use tokio::task::spawn_blocking;

use super::*;
use crate::events::Source;
use crate::ledger::Ledger;
use crate::ledger::testing::{append_unproved, ledger, submit};
use crate::live::{Pool, Subscriber};

fn state() -> State {
    State { height: 9, hash: BlockHash::of_text("nine"), neighbours: 1, pool: Pool { bytes: 2, count: 3 } }
}

fn tip(height: u64) -> Tip {
    Tip::new(Height::new(height).unwrap(), BlockHash::of_text(&height.to_string()), height.into())
}

/// The names of the next events other than pings.
async fn names(page: &mut Subscriber) -> Vec<String> {
    loop {
        let piece = String::from_utf8(page.next().await.unwrap().to_vec()).unwrap();
        let names: Vec<_> =
            piece.lines().filter_map(|line| line.strip_prefix("event: ")).map(str::to_owned).collect();
        if names != ["ping"] {
            return names;
        }
    }
}

async fn submit_to(ledger: &Ledger, recipient: &'static str) {
    let ledger = ledger.clone();
    spawn_blocking(move || submit(&ledger, &[(recipient, Source::User)])).await.unwrap()[0].as_ref().unwrap();
}

#[test]
fn news_show_the_tip_of_their_change() {
    for (origin, name) in [(Origin::Mined, "mined"), (Origin::Pushed, "pushed"), (Origin::Fetched, "fetched")]
    {
        let change = Change::BlocksConnected {
            before: tip(1),
            tip: tip(3),
            count: 2,
            payments: 5,
            bytes: 600,
            origin,
        };
        let Some(News::Block { state: shown, count: 2, payments: 5, origin }) = news(&change, state()) else {
            panic!("{change:?}")
        };
        assert_eq!(shown, State { height: 3, hash: tip(3).hash, ..state() });
        assert_eq!(origin, name);
    }
    let (fork, from, to) = (ForkPoint::from(tip(1)), tip(2), tip(4));
    let change =
        Change::Reorganised { fork, from, to, disconnected: 1, connected: 3, returned: 6, dropped: 7 };
    let Some(News::Reorg { state: shown, fork: 1, depth: 1, connected: 3, returned: 6, dropped: 7, .. }) =
        news(&change, state())
    else {
        panic!("{change:?}")
    };
    assert_eq!(shown, State { height: 4, hash: to.hash, ..state() });
    let peers = Change::PeersAdded { added: Vec::new().into(), known: 1 };
    assert!(matches!(news(&peers, state()), Some(News::Peers(shown)) if shown == state()));
    assert!(news(&Change::Closed, state()).is_none());
}

#[tokio::test(start_paused = true)]
async fn payments_within_a_second_are_one_event() {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, feed) = (ledger(&directory), LiveFeed::new(1));
    let mut page = feed.subscribe(None, state);
    assert_eq!(names(&mut page).await, ["ready"]);
    let heard = async {
        submit_to(&ledger, "amy").await;
        assert_eq!(names(&mut page).await, ["payment"]);
        let first = Instant::now();
        submit_to(&ledger, "bob").await;
        submit_to(&ledger, "carl").await;
        assert_eq!(names(&mut page).await, ["payment"]);
        // The page hears of events up to 100 ms late.
        assert!(first.elapsed() >= PAYMENTS - Duration::from_millis(200), "{:?}", first.elapsed());
        let other = ledger.clone();
        spawn_blocking(move || append_unproved(&other)).await.unwrap();
        assert_eq!(names(&mut page).await, ["block"]);
    };
    tokio::select! {
        () = run(ledger.listen(), ledger.downgrade(), feed.clone()) => panic!("the ledger is open"),
        () = heard => {}
    }
}

#[tokio::test(start_paused = true)]
async fn pages_read_again_if_blocks_were_among_lost_events() {
    let directory = tempfile::tempdir().unwrap();
    let (ledger, feed) = (ledger(&directory), LiveFeed::new(1));
    let mut page = feed.subscribe(None, state);
    assert_eq!(names(&mut page).await, ["ready"]);
    let (events, weak) = (ledger.listen(), ledger.downgrade());
    let mut publishing =
        Publishing { events, ledger: weak, feed, tip: Some(tip(7)), payments_due: None, payments_sent: None };
    for event in ["reset", "peers"] {
        publishing.payments_due = None;
        publishing.catch_up();
        assert_eq!(names(&mut page).await, [event]);
        assert!(publishing.payments_due.is_some());
    }
    drop(ledger);
    assert!(publishing.state().is_none());
}
