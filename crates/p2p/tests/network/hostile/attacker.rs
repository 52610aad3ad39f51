use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use crate::harness::{Node, until};

pub(super) const ROOT: &str = "/ledger/tutorial/classic/4";

/// A hostile peer over channels in this process.
pub(crate) struct Attacker(hostile::Attacker);

impl Attacker {
    /// An attacker that identifies itself, as a node requires.
    pub(crate) fn new() -> Self {
        Self(hostile::Attacker::in_process(ROOT))
    }

    /// An attacker that never identifies itself.
    pub(crate) fn silent() -> Self {
        Self(hostile::Attacker::silent(ROOT))
    }

    /// Connects, and waits until the node counts it among its peers, and has told it its topics.
    pub(crate) async fn join(&mut self, node: &Node) {
        self.dial(node.address().await);
        let id = self.id();
        self.while_running(async || until("it has joined", async || node.has_joined(id).await).await).await;
        assert!(self.wait_until_heard(Duration::from_secs(60)).await, "the node told no topics");
    }
}

impl Deref for Attacker {
    type Target = hostile::Attacker;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Attacker {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
