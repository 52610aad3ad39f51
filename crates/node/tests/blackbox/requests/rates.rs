//! How many requests a client may send.

use crate::harness::http::{Answer, get};
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::{eventually, outer_address};

/// Sends requests until the budget is used up. Returns the refusal, and how many requests were served.
fn spend(url: &str) -> (Answer, usize) {
    let mut served = 0;
    loop {
        let answer = get(url);
        if answer.status == 429 {
            return (answer, served);
        }
        served += 1;
        assert!(served < 1000, "no limit");
    }
}

fn outer(node: &Node, path: &str) -> String {
    format!("http://{}:{}{path}", outer_address(), node.address.port())
}

#[test]
#[ignore = "needs a network"]
fn other_machines_have_a_budget() {
    let node = Launch::usual().flag("host", "0.0.0.0").flag("request-rate", "1").start();
    let (refusal, served) = spend(&outer(&node, "/status"));
    assert!(served >= 20, "{served}");
    refusal.assert_refusal("over the rate");
    assert!(
        refusal.text.starts_with("too many requests from your address: at most 1 a second"),
        "{}",
        refusal.text
    );
    assert!(refusal.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(get(&outer(&node, "/chain")).status, 429, "a costly request");
    assert_eq!(get(&outer(&node, "/nothing")).status, 429, "an unknown path");
    assert!((0..50).all(|_| node.get("/chain").status == 200), "this machine has no limit");
    assert!(node.log.find("rate limit: refused requests: ").is_some());
    let counted = r#"ledger_http_requests_total{route="/chain",status="429"} 1"#;
    eventually("the metrics count it", || node.get("/metrics").text.contains(counted));
}

#[test]
#[ignore = "needs a network"]
fn costly_requests_count_more() {
    let node = Launch::usual().flag("host", "0.0.0.0").flag("request-rate", "10").start();
    let (_, served) = spend(&outer(&node, "/chain"));
    assert!((2..15).contains(&served), "{served} of a budget of 50 units");
}

#[test]
#[ignore = "needs a network"]
fn owners_token_lifts_the_limit() {
    let node = Launch::usual().flag("host", "0.0.0.0").flag("request-rate", "1").start();
    let url = outer(&node, "/status");
    spend(&url);
    let token = format!("Bearer {}", node.owner_token());
    let ask = |token: &str| {
        ureq::get(&url).header("Authorization", token).call().map(|answer| answer.status().as_u16())
    };
    assert!((0..30).all(|_| ask(&token).unwrap() == 200));
    assert!(ask("Bearer 0123456789abcdef").is_err(), "a wrong token lifts no limit");
}

#[test]
#[ignore = "needs a network"]
fn zero_is_no_limit() {
    let node = Launch::usual().flag("host", "0.0.0.0").flag("request-rate", "0").start();
    assert!((0..200).all(|_| get(&outer(&node, "/chain")).status == 200));
}
