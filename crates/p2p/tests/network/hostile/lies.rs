use std::time::{Duration, Instant};

use bytes::Bytes;
use hostile::wire::{Branch, BranchRequest, ForkPoint, NamedPeer, Page, Request, Response, Status};
use p2p::{AskError, BlockId, Limits, Locator, Multiaddr, PageRequest, PeerId, Settings, SyncLimits};

use super::attacker::Attacker;
use crate::harness::{Node, settings, until};

const ASKED: PageRequest = PageRequest { from: 1, count: 3, bytes: 100 };

async fn attacked() -> (Node, Attacker) {
    attacked_with(SyncLimits::default()).await
}

async fn attacked_with(sync: SyncLimits) -> (Node, Attacker) {
    let node = Node::spawn(Settings { limits: Limits { sync, ..Limits::default() }, ..settings() });
    let mut attacker = Attacker::new();
    attacker.join(&node).await;
    (node, attacker)
}

async fn banned(node: &Node, peer: PeerId) {
    until("it is banned", async || {
        node.peer(peer).await.is_some_and(|info| info.banned_seconds.is_some() && info.direction.is_none())
    })
    .await;
}

/// Asks the attacker for a page, and has it answer.
async fn page_with(answer: impl Fn() -> Response) -> (Node, PeerId, Result<p2p::Page, AskError>) {
    let (node, mut attacker) = attacked().await;
    let (network, peer) = (node.network.clone(), attacker.id());
    let request = tokio::spawn(async move { network.page(peer, ASKED).await });
    attacker.answer(|request| matches!(request, Request::Page(_)).then(&answer)).await;
    let page = attacker.while_running(async || request.await.unwrap()).await;
    (node, peer, page)
}

#[tokio::test]
async fn honest_page_is_accepted() {
    let (node, peer, page) = page_with(|| Response::Page(Page { b: vec!["a block".into()] })).await;
    assert_eq!(page.unwrap().blocks, ["a block"]);
    assert_eq!(node.peer(peer).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn pages_larger_than_asked_for_ban_their_sender() {
    for blocks in [vec![Bytes::from(vec![0; 101])], vec![Bytes::new(); 4]] {
        let (node, peer, page) = page_with(|| Response::Page(Page { b: blocks.clone() })).await;
        assert!(matches!(page, Err(AskError::Invalid { .. })), "{page:?}");
        banned(&node, peer).await;
    }
}

#[tokio::test]
async fn answers_to_other_requests_ban_their_sender() {
    let (node, peer, page) = page_with(|| Response::Peers(Vec::new())).await;
    assert!(matches!(page, Err(AskError::Invalid { .. })), "{page:?}");
    banned(&node, peer).await;
}

#[tokio::test]
async fn too_long_answer_is_cut_off_and_charged() {
    // A node that is late itself charges nobody, so it may take several attempts on a busy machine.
    until("it is charged", async || {
        let (node, peer, page) =
            page_with(|| Response::Page(Page { b: vec![Bytes::from(vec![0; 4 << 20])] })).await;
        assert!(matches!(page, Err(AskError::Invalid { .. })), "{page:?}");
        node.peer(peer).await.unwrap().score < -5.0
    })
    .await;
}

/// Asks the attacker for its branch after block 7, and has it answer.
async fn branch_with(answer: Branch) -> (Node, PeerId, Result<p2p::Branch, AskError>) {
    let (node, mut attacker) = attacked().await;
    let (network, peer) = (node.network.clone(), attacker.id());
    let locator = Locator::new([BlockId([7; 32])]);
    let request = tokio::spawn(async move { network.branch(peer, locator, 100).await });
    let answer = || Response::Branch(answer.clone());
    attacker.answer(|request| matches!(request, Request::Branch(_)).then(answer)).await;
    let branch = attacker.while_running(async || request.await.unwrap()).await;
    (node, peer, branch)
}

/// A branch after a block, with one block of this size.
fn branch(after: u8, bytes: usize, work: usize) -> Branch {
    Branch {
        s: Status { h: 2, t: vec![9; 32].into(), w: vec![1; work].into() },
        f: Some(ForkPoint { height: 1, id: vec![after; 32].into() }),
        p: Page { b: vec![vec![0; bytes].into()] },
    }
}

#[tokio::test]
async fn honest_branch_is_accepted() {
    let (node, peer, answer) = branch_with(branch(7, 100, 32)).await;
    assert_eq!(answer.unwrap().fork.unwrap().id, BlockId([7; 32]));
    assert_eq!(node.peer(peer).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn branches_that_were_not_asked_for_ban_their_sender() {
    for lie in [branch(8, 100, 32), branch(7, 101, 32), branch(7, 100, 33)] {
        let (node, peer, answer) = branch_with(lie).await;
        assert!(matches!(answer, Err(AskError::Invalid { .. })), "{answer:?}");
        banned(&node, peer).await;
    }
}

#[tokio::test]
async fn unanswered_request_is_a_stall() {
    // A node that is late itself charges nobody, so it may take several attempts on a busy machine.
    until("it is charged", async || score_without_an_answer().await < -5.0).await;
}

/// The score of a peer that leaves one request open.
async fn score_without_an_answer() -> f64 {
    let (node, mut attacker) =
        attacked_with(SyncLimits { timeout: Duration::from_secs(3), ..SyncLimits::default() }).await;
    let (network, peer) = (node.network.clone(), attacker.id());
    let request = tokio::spawn(async move { network.page(peer, ASKED).await });
    let mut held = Vec::new();
    while !held.iter().any(|(request, _)| matches!(request, Request::Page(_))) {
        held.push(attacker.request().await);
    }
    let page = attacker.while_running(async || request.await.unwrap()).await;
    assert_eq!(page, Err(AskError::Timeout(peer)));
    node.peer(peer).await.unwrap().score
}

#[tokio::test]
async fn naming_ten_thousand_peer_addresses_bans_a_peer() {
    let (node, mut attacker) = attacked().await;
    let peer = attacker.id();
    let many: Vec<_> = (0..10_000u32).map(named).collect();
    let answer =
        attacker.answer(|request| matches!(request, Request::Peers).then(|| Response::Peers(many.clone())));
    tokio::time::timeout(Duration::from_secs(60), answer).await.unwrap();
    attacker.while_running(async || banned(&node, peer).await).await;
    assert_eq!(node.network.peers().await.len(), 1);
}

#[tokio::test]
async fn strangers_that_come_and_go_cause_few_dials() {
    let node = Node::spawn(Settings { maintain_every: Duration::from_secs(3600), ..settings() });
    let (begin, address) = (Instant::now(), node.address().await);
    for stranger in 0..30 {
        let victims: Vec<_> = (0..4).map(|at| named(4 * stranger + at)).collect();
        let mut attacker = Attacker::new();
        attacker.dial(address.clone());
        let answer = || Response::Peers(victims.clone());
        attacker.answer(|request| matches!(request, Request::Peers).then(answer)).await;
        attacker.run_for(Duration::from_millis(50)).await;
    }
    let dials: u32 = node.network.peers().await.iter().map(|peer| peer.failures).sum();
    let seconds = u32::try_from(begin.elapsed().as_secs()).unwrap() + 1;
    assert!((32..=32 + 2 * seconds).contains(&dials), "{dials} dials in {seconds} s");
}

fn named(number: u32) -> NamedPeer {
    let address: Multiaddr = format!("/memory/{}", u64::from(number) + 1_000_000).parse().unwrap();
    NamedPeer { id: PeerId::random().to_bytes().into(), addresses: vec![address.to_vec().into()] }
}

/// Sends a request, and drives the attacker until it is charged with something.
async fn charged_for(request: Request) {
    let (node, mut attacker) = attacked().await;
    let id = attacker.id();
    attacker.ask(&node.id(), request);
    let charged = async || node.peer(id).await.is_some_and(|info| info.score < -10.0);
    attacker.while_running(async || until("it is charged", charged).await).await;
}

#[tokio::test]
async fn locator_with_too_many_hashes_is_charged() {
    charged_for(Request::Branch(BranchRequest { locator: vec![vec![7; 32].into(); 67], bytes: 0 })).await;
}

#[tokio::test]
async fn longest_locator_is_answered() {
    let (node, mut attacker) = attacked().await;
    let answered = async || node.network.info().await.unwrap().counters.answered;
    let before = answered().await;
    let locator = vec![vec![7; 32].into(); 66];
    attacker.ask(&node.id(), Request::Branch(BranchRequest { locator, bytes: 0 }));
    let served = async || until("it is answered", async || answered().await > before).await;
    attacker.while_running(served).await;
    assert_eq!(node.peer(attacker.id()).await.unwrap().score, 0.0);
}

#[tokio::test]
async fn status_with_too_long_work_is_charged() {
    charged_for(Request::Status(Status { h: 1, t: vec![7; 32].into(), w: vec![7; 33].into() })).await;
}

#[tokio::test]
async fn request_larger_than_the_limit_is_not_read() {
    let (node, mut attacker) = attacked().await;
    let before = node.network.info().await.unwrap().counters.answered;
    for _ in 0..10 {
        let locator = Request::Branch(BranchRequest { locator: vec![vec![7; 32].into(); 20_000], bytes: 0 });
        attacker.ask(&node.id(), locator);
        attacker.run_for(Duration::from_millis(50)).await;
    }
    let after = node.network.info().await.unwrap().counters;
    assert_eq!(after.answered, before);
    assert!(after.bytes_received < 8 << 20, "{} bytes", after.bytes_received);
}
