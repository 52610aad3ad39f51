//! Floods of invalid payments.

use hostile::PeerId;
use ledger_core::canonical;

use super::joined::{flood, joined};
use crate::cases::Stop;
use crate::harness::made::payments::{Payment, pay};
use crate::world::World;

/// Texts that are not payments.
pub(crate) async fn ill_formed(world: &World, stop: &Stop) -> Vec<PeerId> {
    let mut attacker = joined(world).await;
    flood(&mut attacker, "payments", stop, |number| format!("{{\"number\": {number}}}").into()).await;
    vec![attacker.id()]
}

/// Payments with the signature of another payment.
pub(crate) async fn wrongly_signed(world: &World, stop: &Stop) -> Vec<PeerId> {
    let (mut attacker, other) = (joined(world).await, pay("bob", "1"));
    let message = |number: u64| {
        let payment = Payment { recipient: format!("eve {number}"), ..other.clone() };
        let text = canonical::transaction_text(&payment.transaction());
        format!("{{\"payment\": {text}, \"signature\": \"{}\"}}", other.signature).into_bytes()
    };
    flood(&mut attacker, "payments", stop, message).await;
    vec![attacker.id()]
}
