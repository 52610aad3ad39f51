//! Attackers that are peers of the victim.

use std::time::Duration;

use hostile::{Attacker, Bare};

use crate::cases::Stop;
use crate::world::{ROOT, World};

/// The pause between two bursts of messages.
pub(super) const MOMENT: Duration = Duration::from_millis(1);

/// How long the victim may take to tell its topics. It tells a banned attacker none.
const PATIENCE: Duration = Duration::from_secs(2);

/// An attacker that has dialled the victim, and waited for its topics.
pub(super) async fn joined(world: &World) -> Attacker {
    let mut attacker = Attacker::over_tcp(ROOT);
    attacker.dial(world.address());
    attacker.wait_until_heard(PATIENCE).await;
    attacker
}

/// A bare connection with the victim.
pub(super) async fn connected(world: &World) -> Bare {
    Bare::dial(world.address(), ROOT).await.expect("the victim accepts a connection")
}

/// Sends messages as fast as it can until the victim disconnects it or the attack is over.
pub(super) async fn flood(
    attacker: &mut Attacker,
    what: &str,
    stop: &Stop,
    mut message: impl FnMut(u64) -> Vec<u8>,
) {
    let mut number = 0;
    while !stop.is_cancelled() && attacker.is_connected() {
        for _ in 0..20 {
            attacker.publish(what, message(number));
            number += 1;
        }
        attacker.run_for(MOMENT).await;
    }
}
