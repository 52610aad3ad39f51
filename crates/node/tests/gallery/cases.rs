//! The list of cases.

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use hostile::PeerId;
use tokio_util::sync::CancellationToken;

use crate::attacks;
use crate::world::World;

/// Tells the attackers that the attack is over.
pub(crate) type Stop = CancellationToken;

/// What must happen to the attackers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// At least one of them is banned.
    Banned,
    /// They get nothing, and nobody suffers.
    Starved,
}

/// An attack, and its expected outcome.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) attack: for<'a> fn(&'a World, &'a Stop) -> LocalBoxFuture<'a, Vec<PeerId>>,
    pub(crate) end: End,
    /// Whether a new node must be able to join meanwhile.
    pub(crate) newcomer: bool,
}

macro_rules! case {
    ($name:literal, $attack:ident, $end:ident) => {
        case!($name, $attack, $end, false)
    };
    ($name:literal, $attack:ident, $end:ident, $newcomer:literal) => {
        Case {
            name: $name,
            attack: |world, stop| attacks::$attack(world, stop).boxed_local(),
            end: End::$end,
            newcomer: $newcomer,
        }
    };
}

pub(crate) const CASES: &[Case] = &[
    case!("ill-formed payments", ill_formed, Banned),
    case!("wrongly signed payments", wrongly_signed, Banned),
    case!("blocks that break a rule", broken, Banned),
    case!("unreadable blocks", unreadable, Banned),
    case!("valid, stale blocks", stale, Starved),
    case!("blocks whose parent never comes", orphans, Starved),
    case!("announced blocks that never come", announced, Starved),
    case!("false signatures", forged, Starved),
    case!("replays", replayed, Starved),
    case!("gossipsub's control messages", control, Starved),
    case!("stall at the fork point", silent_at_fork, Starved),
    case!("stall at a page", silent_at_page, Starved),
    case!("invalid pages", false_pages, Banned),
    case!("endless pages", endless_pages, Starved),
    case!("locators", locators, Banned),
    case!("10,000 named peers", named_peers, Banned),
    case!("changing addresses", addresses, Starved),
    case!("records for Kademlia", kademlia, Starved),
    case!("4,000 streams", many_streams, Starved),
    case!("unread streams", unread, Starved),
    case!("late answers", late_answers, Starved),
    case!("full windows", full_windows, Starved),
    case!("Sybils that come back", churn, Banned),
    case!("squatters", squatters, Starved, true),
    case!("eclipse", eclipse, Starved, true),
    case!("half-open connections", half_open, Starved, true),
    case!("slow handshakes", slow_handshakes, Starved, true),
    case!("garbage", garbage, Starved),
    case!("10,000 connections", connections, Starved),
];
