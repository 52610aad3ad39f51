use bytes::Bytes;
use ledger_core::{Block, Difficulty, Members, Puzzle};
use p2p::{AnnouncedBlock, ArrivedBlock, BlockId, PeerId, Verdict};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::BlockJudge;
use crate::ledger::testing::{copy, extend, ledger, next, seal};
use crate::ledger::{BlockIntake, Ledger};

/// A node's judge, and a peer whose chain has blocks that the node's lacks.
struct World {
    ours: Ledger,
    theirs: Ledger,
    judge: BlockJudge,
    peer: PeerId,
    /// The peers that the judge wants asked for missing blocks.
    asked: mpsc::Receiver<PeerId>,
    _directories: [TempDir; 2],
}

/// Runs work that blocks, away from the test's runtime.
fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

impl World {
    /// Both chains are the same.
    fn new() -> Self {
        let directories = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let (ours, theirs) = aside(|| {
            let ours = ledger(&directories[0]);
            seal(&ours);
            let theirs = copy(&ours, &directories[1]);
            (ours, theirs)
        });
        let (ahead, asked) = mpsc::channel(8);
        let judge = BlockJudge::new(ours.downgrade(), ahead);
        Self { ours, theirs, judge, peer: PeerId::random(), asked, _directories: directories }
    }

    /// The peer mines a block.
    fn mined(&self) -> Bytes {
        aside(|| {
            let block = next(&self.theirs, Vec::new());
            extend(&self.theirs, &block);
            Bytes::copy_from_slice(block.text().as_bytes())
        })
    }

    async fn judge(&self, data: &Bytes) -> Verdict {
        self.judge.clone().judge(ArrivedBlock { data: data.clone(), from: self.peer }).await
    }

    async fn wants(&self, block: &Bytes) -> bool {
        let (id, beginning) = (BlockId([0; 32]), block.clone());
        self.judge.clone().wants(AnnouncedBlock { id, beginning, from: self.peer }).await
    }

    fn is_one_chain(&self) -> bool {
        self.ours.tip() == self.theirs.tip()
    }
}

/// The block with a proof that does not solve its parent's puzzle.
fn with_wrong_proof(block: &Bytes, parent: &Bytes) -> Bytes {
    let [block, parent] = [block, parent].map(|text| Members::from_json(text).unwrap());
    let puzzle = Puzzle::after(&parent, Difficulty::new(1).unwrap());
    let proof = (0..).find(|proof| !puzzle.is_solved_by(*proof)).unwrap();
    Block::new(Members { proof, ..block }).text().to_owned().into()
}

/// The same block with a space before its last brace.
fn in_another_layout(block: &Bytes) -> Bytes {
    [block.strip_suffix(b"}").unwrap(), b" }"].concat().into()
}

#[tokio::test]
async fn block_after_one_that_lost_a_tie_is_adopted_without_a_request() {
    let mut world = World::new();
    aside(|| seal(&world.ours));
    let [lost, next] = [(); 2].map(|()| world.mined());
    assert_eq!(world.judge(&lost).await, Verdict::Ignore);
    assert_eq!(world.judge(&next).await, Verdict::Accept);
    assert!(world.is_one_chain() && world.asked.try_recv().is_err());
}

#[tokio::test]
async fn invalid_block_after_one_that_lost_a_tie_is_rejected() {
    let world = World::new();
    aside(|| seal(&world.ours));
    let [lost, next] = [(); 2].map(|()| world.mined());
    world.judge(&lost).await;
    let tip = world.ours.tip();
    assert_eq!(world.judge(&with_wrong_proof(&next, &lost)).await, Verdict::Reject);
    assert_eq!(world.ours.tip(), tip);
    assert_eq!(world.judge(&next).await, Verdict::Accept, "the one before it is kept");
}

#[tokio::test]
async fn block_in_another_layout_is_rejected() {
    let world = World::new();
    let [first, second] = [(); 2].map(|()| world.mined());
    assert_eq!(world.judge(&in_another_layout(&first)).await, Verdict::Reject, "it follows our tip");
    aside(|| seal(&world.ours));
    world.judge(&first).await;
    let tip = world.ours.tip();
    assert_eq!(world.judge(&in_another_layout(&second)).await, Verdict::Reject, "its branch would win");
    assert_eq!(world.ours.tip(), tip);
}

#[tokio::test]
async fn waiting_block_is_ignored_when_our_chain_reaches_its_height() {
    let mut world = World::new();
    let [_, block] = [(); 2].map(|()| world.mined());
    let waiting = tokio::spawn(world.judge.clone().judge(ArrivedBlock { data: block, from: world.peer }));
    world.asked.recv().await.unwrap();
    aside(|| (0..2).for_each(|_| seal(&world.ours)));
    assert_eq!(waiting.await.unwrap(), Verdict::Ignore);
}

#[tokio::test]
async fn block_waits_for_its_parent_and_is_relayed_then() {
    let mut world = World::new();
    let [parent, block] = [(); 2].map(|()| world.mined());
    let (judge, from) = (world.judge.clone(), world.peer);
    let waiting = tokio::spawn(judge.judge(ArrivedBlock { data: block, from }));
    assert_eq!(world.asked.recv().await, Some(world.peer));
    assert_eq!(world.judge(&parent).await, Verdict::Accept);
    assert_eq!(waiting.await.unwrap(), Verdict::Accept);
    assert!(world.is_one_chain());
}

#[tokio::test]
async fn waiting_block_that_a_sync_adopts_is_relayed() {
    let mut world = World::new();
    let [parent, block] = [(); 2].map(|()| world.mined());
    let judge = world.judge.clone();
    let waiting = tokio::spawn(judge.judge(ArrivedBlock { data: block.clone(), from: world.peer }));
    world.asked.recv().await.unwrap();
    aside(|| {
        let (ours, tip) = (&world.ours, world.ours.tip());
        let mut intake = BlockIntake::after(ours, tip.height, tip.hash).unwrap();
        [&parent, &block].into_iter().for_each(|text| intake.take(text).unwrap());
        intake.finish().unwrap().unwrap().adopt().unwrap().unwrap();
    });
    assert_eq!(waiting.await.unwrap(), Verdict::Accept);
}

#[tokio::test(start_paused = true)]
async fn block_whose_parent_never_comes_is_ignored() {
    let world = World::new();
    let [_, block] = [(); 2].map(|()| world.mined());
    let begin = Instant::now();
    assert_eq!(world.judge(&block).await, Verdict::Ignore);
    assert!((5..6).contains(&begin.elapsed().as_secs()), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn large_block_is_wanted_when_its_parent_is_here() {
    let mut world = World::new();
    let [parent, block, last] = [(); 3].map(|()| world.mined());
    assert!(world.wants(&parent).await);
    let (judge, from) = (world.judge.clone(), world.peer);
    let announced = AnnouncedBlock { id: BlockId([0; 32]), beginning: block.clone(), from };
    let waiting = tokio::spawn(judge.wants(announced));
    assert_eq!(world.asked.recv().await, Some(world.peer));
    assert_eq!(world.judge(&parent).await, Verdict::Accept);
    assert!(waiting.await.unwrap());
    for block in [&block, &last] {
        assert_eq!(world.judge(block).await, Verdict::Accept);
    }
    assert!(!world.wants(&parent).await, "it is below our tip");
    assert!(!world.wants(&"no block".into()).await);
}
