//! Nodes on machines whose clock or time zone is wrong.

use crate::harness::clock::Clock;
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

/// A second of the year 2025.
const USUAL: i64 = 1_750_000_000;

/// The `Date` header of an answer.
fn date(node: &Node) -> String {
    node.get("/chain?limit=1").header("date").unwrap().to_owned()
}

/// Starts, mines, restarts and mines again. The restart validates the chain.
fn assert_works(seconds: i64, stamp: f64) {
    let clock = Clock::at(seconds);
    let launch = clock.on(Launch::usual());
    for length in [2, 3] {
        let node = launch.start();
        node.mine();
        let chain = node.chain();
        assert_eq!(chain.len(), length);
        let stamps: Vec<String> = chain.iter().map(|block| block.timestamp.number().to_string()).collect();
        assert!(stamps.iter().all(|found| found.parse() == Ok(stamp)), "{seconds}: {stamps:?}");
        let warning = node.log.find("the clock of this machine is wrong: it says").unwrap();
        assert!(warning.contains("timedatectl"), "{warning}");
        let ended = node.stop();
        assert_eq!(ended.code, Some(0));
        assert!(!ended.stderr.iter().any(|line| line.contains("panicked")), "{:#?}", ended.stderr);
    }
    let verified = launch.without("host").without("wallet").argument("verify").end();
    assert_eq!(verified.code, Some(0), "{:#?}", verified.stderr);
}

#[test]
fn node_works_before_1970() {
    for seconds in [-1, -86_400, -2_147_483_649, -62_135_596_801, -9_000_000_000_000] {
        assert_works(seconds, seconds as f64 + 0.5);
    }
}

#[test]
fn node_works_in_the_far_future() {
    // Nanoseconds overflow 64 bits in 2262, and HTTP dates end with 9999.
    for seconds in [9_223_372_037, 253_402_300_800, 8_334_601_228_800] {
        assert_works(seconds, seconds as f64 + 0.5);
    }
}

#[test]
fn node_works_at_the_end_of_time() {
    let furthest = u64::MAX as f64 / 1e6;
    assert_works(i64::MAX, furthest);
    assert_works(i64::MIN, -furthest);
}

#[test]
fn clock_can_be_set_while_a_node_runs() {
    let clock = Clock::at(USUAL);
    let node = clock.on(Launch::usual()).start();
    node.mine();
    assert_eq!(date(&node), "Sun, 15 Jun 2025 15:06:40 GMT");
    for (seconds, expected) in [
        (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (USUAL - 86_400, "Sat, 14 Jun 2025 15:06:40 GMT"),
        (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (USUAL, "Sun, 15 Jun 2025 15:06:40 GMT"),
    ] {
        clock.set(seconds);
        eventually("the date follows the clock", || date(&node) == expected);
        node.mine();
    }
    crate::harness::made::chains::assert_valid(&node.chain());
}

#[test]
fn clock_jump_during_a_search_changes_nothing() {
    let clock = Clock::at(USUAL);
    let node = clock.on(Launch::usual().flag("difficulty", "12")).start();
    let mut miner = Raw::open(&node);
    miner.ask("GET", "/mine");
    node.until_mining();
    clock.set(-USUAL);
    let (before, tries) = (node.get("/mine/progress").json()["seconds"].as_f64().unwrap(), node.tries());
    eventually("the search goes on", || node.tries() > tries);
    let after = node.get("/mine/progress").json()["seconds"].as_f64().unwrap();
    assert!((0.0..60.0).contains(&before) && (before..60.0).contains(&after), "{before} {after}");
}

#[test]
fn invalid_time_zone_is_named_and_utc_used() {
    for zone in ["foo", ":/nonexistent", "/dev/zero", "../../passwd"] {
        let clock = Clock::at(USUAL);
        let node = clock.on(Launch::usual().variable("TZ", zone)).start();
        let warning = node.log.find("unknown time zone").unwrap();
        assert!(
            warning.starts_with("15:06:40") && warning.contains(&format!("unknown time zone TZ={zone};")),
            "{warning}"
        );
        node.mine();
    }
}

#[test]
fn log_skips_the_hour_lost_to_summer_time() {
    let clock = Clock::at(1_774_745_999);
    let node = clock.on(Launch::usual().variable("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")).start();
    clock.set(1_774_746_000);
    node.mine();
    let ended = node.stop().stderr;
    assert!(ended[0].starts_with("01:59:59"), "{ended:#?}");
    assert!(
        ended.iter().any(|line| line.starts_with("03:00:00") && line.contains("mined block 2")),
        "{ended:#?}"
    );
    assert!(!ended.iter().any(|line| line.contains("is not a time zone")));
}
