use std::time::Duration;

use p2p::BlockId;
use tokio::time::{Instant, sleep};

use crate::{figures::Figures, world::World};

/// Virtual time after which a message counts as lost.
pub(super) const LOST: Duration = Duration::from_secs(30);
/// Virtual time at the end of a round, so that copies under way count.
pub(super) const COPIES: Duration = Duration::from_secs(1);
/// Real time between rounds: at least one heartbeat.
pub(super) const REST: Duration = Duration::from_millis(1_500);
/// The pause between two checks whether a round is over.
pub(super) const STEP: Duration = Duration::from_millis(5);

/// When messages reached nodes other than their sender.
#[derive(Default)]
pub(super) struct Heard {
    times: Vec<Duration>,
    missed: usize,
}

impl Heard {
    /// Waits until all `nodes` have a block or payment, or it is lost.
    pub(super) async fn wait(&mut self, world: &World, id: BlockId, nodes: usize, start: Instant) {
        while world.count(id) < nodes && start.elapsed() < LOST {
            sleep(STEP).await;
        }
        let times = world.take(id);
        self.missed += nodes.saturating_sub(times.len());
        // The first time is the sender's own.
        self.times.extend(times.into_iter().skip(1).map(|at| at.saturating_duration_since(start)));
    }

    pub(super) fn write(self, name: &str, figures: &mut Figures) {
        figures.add_times(name, self.times);
        figures.add(&format!("{name}: nodes that missed one"), self.missed as f64, 0);
    }
}
