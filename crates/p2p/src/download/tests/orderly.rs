//! What a download does if no peer does wrong.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use tokio::time::Instant;

use super::world::{LATENCY, Manner, World};
use crate::{download::DownloadError, rate::Rate};

/// Three hundred blocks of 1,040 bytes: a page has nine.
fn sizes() -> Vec<usize> {
    vec![1_000; 300]
}

#[tokio::test(start_paused = true)]
async fn several_peers_share_the_work() {
    let world = World::new(sizes(), &[Manner::Orderly, Manner::Slow(51), Manner::Slow(52)]);
    let start = Instant::now();
    assert!(world.fetch().await.unwrap() == world.chain);
    let pages = 300 / 8 + 2;
    assert!(start.elapsed() < LATENCY * pages / 2, "one after the other: {:?}", start.elapsed());
    let sent = world.sent.lock().unwrap().clone();
    assert!(sent.values().all(|&blocks| blocks > 50), "{sent:?}");
    assert!(sent.values().sum::<usize>() < 330, "hardly a block comes twice: {sent:?}");
    assert_eq!(*world.reports.lock().unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn one_peer_is_enough() {
    let world = World::new(sizes(), &[Manner::Orderly]);
    assert!(world.fetch().await.unwrap() == world.chain);
}

#[tokio::test(start_paused = true)]
async fn empty_stretch_asks_nobody() {
    let world = World::new(vec![], &[Manner::Stalling]);
    assert_eq!(world.fetch().await, Ok(vec![]));
    assert_eq!(world.asked.load(SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn download_without_peers_ends() {
    let world = World::new(sizes(), &[]);
    assert!(matches!(world.fetch().await, Err(DownloadError::NoPeers { height: 1, .. })));
}

#[tokio::test(start_paused = true)]
async fn blocks_of_any_size_arrive_whole() {
    let sizes = [1, 9_960, 9_961, 20_000, 5, 200_000, 200_000, 1, 9_000, 3, 30_000];
    let world = World::new(sizes.repeat(5), &[Manner::Orderly, Manner::Short, Manner::Slow(90)]);
    assert!(world.fetch().await.unwrap() == world.chain);
    assert_eq!(*world.reports.lock().unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn paused_download_fetches_no_more_than_the_window() {
    let world = World::new(sizes(), &[Manner::Orderly, Manner::Slow(60)]);
    let mut download = world.download();
    download.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    let most = world.settings.window_bytes + 2 * u64::from(world.settings.page_bytes);
    assert!(world.bytes.load(SeqCst) <= most, "{} bytes", world.bytes.load(SeqCst));
    assert!(world.open.load(SeqCst) > 0, "it asks ahead");
    drop(download);
    assert_eq!(world.open.load(SeqCst), 0, "a dropped download waits for nothing");
}

#[tokio::test(start_paused = true)]
async fn peer_is_asked_no_more_often_than_it_answers() {
    let world = World::new(vec![9_000; 1_000], &[Manner::Slow(0)]);
    let start = Instant::now();
    assert!(world.fetch().await.unwrap() == world.chain);
    let Rate { per_second, burst } = world.settings.requests;
    let least = Duration::from_secs_f64((1_000.0 - burst) / per_second);
    assert!((least..2 * least).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn peer_that_comes_later_is_asked_too() {
    let world = World::new(sizes(), &[Manner::Gone, Manner::Orderly]);
    let mut download = crate::download::Download::new(
        world.settings.clone(),
        (1, 300),
        None,
        [world.peer(Manner::Gone)],
        (world.clone(), std::sync::Arc::new(super::world::Blocks)),
    );
    download.add_peer(world.peer(Manner::Orderly));
    let mut blocks = 0;
    while let Some(chunk) = download.next().await.unwrap() {
        blocks += chunk.blocks.len();
    }
    assert_eq!(blocks, 300);
}
