use ledger_core::seam::Options;
use ledger_core::{BlockHash, Difficulty, Height, RULE_SETS};

use super::*;
use crate::network::tips::status_of;

fn tip(height: u64) -> Tip {
    Tip::new(Height::new(height).unwrap(), BlockHash::of_text(&height.to_string()), height.into())
}

#[test]
fn best_chain_comes_first_and_a_failing_peer_waits() {
    let rules = (RULE_SETS[0].make)(&Options::new(Difficulty::default(), 1_u64.into())).unwrap();
    let [near, far] = [PeerId::random(), PeerId::random()];
    let (mut standings, now) = (Standings::default(), Instant::now());
    standings.note(near, &status_of(&tip(3)), &tip(2), now);
    standings.note(far, &status_of(&tip(9)), &tip(2), now);
    let best = |standings: &Standings, ours, now| standings.best(&*rules, &tip(ours), now, |_| false);
    let next = |standings: &Standings| standings.next(&*rules, &tip(2), |_| false);
    assert_eq!(best(&standings, 2, now), Some(far));
    assert_eq!(
        standings.best(&*rules, &tip(2), now, |peer| *peer == far),
        Some(near),
        "far is asked already"
    );
    assert_eq!(best(&standings, 9, now), None, "only a chain that wins is fetched");
    assert_eq!(standings.others_with(&tip(3), far), [near]);
    assert_eq!(standings.others_with(&tip(3), near), []);
    standings.failed(&far, now);
    assert_eq!((best(&standings, 2, now), standings.may_ask(&far, now)), (Some(near), false));
    standings.forget(&near);
    assert_eq!(best(&standings, 2, now), None);
    let wait = next(&standings).unwrap();
    assert_eq!(wait - now, FIRST_WAIT);
    assert_eq!((best(&standings, 2, wait), standings.may_ask(&far, wait)), (Some(far), true));
    assert_eq!(standings.next(&*rules, &tip(2), |_| true), None, "nobody else is left");
    (0..100).for_each(|_| standings.failed(&far, now));
    assert_eq!(next(&standings).unwrap() - now, LONGEST_WAIT);
}

#[test]
fn peer_whose_chain_brought_nothing_rests() {
    let rules = (RULE_SETS[0].make)(&Options::new(Difficulty::default(), 1_u64.into())).unwrap();
    let (mut standings, now, peer) = (Standings::default(), Instant::now(), PeerId::random());
    assert!(standings.may_ask(&peer, now), "an unknown peer");
    let best = |standings: &Standings, after| standings.best(&*rules, &tip(2), now + after, |_| false);
    standings.note(peer, &status_of(&tip(3)), &tip(2), now);
    standings.did_not_win(&peer, now);
    standings.note(peer, &status_of(&tip(4)), &tip(2), now);
    assert_eq!((best(&standings, Duration::ZERO), best(&standings, REST)), (None, Some(peer)));
    assert!(standings.may_ask(&peer, now), "its blocks count");
    standings.asked(&peer, now);
    assert!(!standings.may_ask(&peer, now) && standings.may_ask(&peer, now + PAUSE));
    standings.failed(&peer, now);
    standings.did_not_win(&peer, now);
    assert_eq!((best(&standings, REST), standings.may_ask(&peer, now + REST)), (None, false));
}

#[test]
fn peer_that_had_our_chain_comes_before_one_that_claims_more() {
    let rules = (RULE_SETS[0].make)(&Options::new(Difficulty::default(), 1_u64.into())).unwrap();
    let [known, stranger] = [PeerId::random(), PeerId::random()];
    let (mut standings, now) = (Standings::default(), Instant::now());
    let best = |standings: &Standings, ours, now| standings.best(&*rules, &tip(ours), now, |_| false);
    for height in [2, 3] {
        standings.note(known, &status_of(&tip(height)), &tip(2), now);
    }
    standings.note(stranger, &status_of(&tip(9)), &tip(2), now);
    assert_eq!((best(&standings, 2, now), best(&standings, 3, now)), (Some(known), Some(stranger)));
    standings.failed(&known, now);
    assert_eq!(best(&standings, 2, now + FIRST_WAIT), Some(stranger));
}

#[test]
fn peer_that_never_reports_its_tip_waits_like_others() {
    let (mut standings, now) = (Standings::default(), Instant::now());
    let [asked, failed] = [PeerId::random(), PeerId::random()];
    standings.asked(&asked, now);
    standings.failed(&failed, now);
    assert!(!standings.may_ask(&asked, now) && standings.may_ask(&asked, now + PAUSE));
    assert!(!standings.may_ask(&failed, now + PAUSE) && standings.may_ask(&failed, now + FIRST_WAIT));
}

#[test]
fn success_ends_the_longer_waits() {
    let rules = (RULE_SETS[0].make)(&Options::new(Difficulty::default(), 1_u64.into())).unwrap();
    let (mut standings, now, peer) = (Standings::default(), Instant::now(), PeerId::random());
    standings.note(peer, &status_of(&tip(3)), &tip(2), now);
    let mut wait_after_failure = |succeeds: bool| {
        if succeeds {
            standings.succeeded(&peer);
        }
        standings.failed(&peer, now);
        standings.next(&*rules, &tip(2), |_| false).unwrap() - now
    };
    assert_eq!([false, false, true].map(&mut wait_after_failure), [FIRST_WAIT, 2 * FIRST_WAIT, FIRST_WAIT]);
}

#[test]
fn peers_that_are_gone_are_forgotten() {
    let (mut standings, now) = (Standings::default(), Instant::now());
    let [here, gone] = [PeerId::random(), PeerId::random()];
    [here, gone].iter().for_each(|peer| standings.note(*peer, &status_of(&tip(3)), &tip(2), now));
    standings.retain(|peer| *peer == here);
    assert_eq!(standings.others_with(&tip(3), PeerId::random()), [here]);
}
