//! Pages of origins that the owner allowed.

use node::access::Access;

use crate::harness::http::Answer;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::raw::Raw;
use crate::harness::routes::{ask, requests};

const PAGE: &str = "Origin: https://page.example";
const OTHER: &str = "Origin: https://other.example";
const SITE: &str = "Sec-Fetch-Site: cross-site";

fn with_page() -> Launch {
    let launch = Launch::usual().flag("allowed-origin", "https://Page.example:443");
    launch.variable("LEDGER_OWNER_TOKEN", "0123456789abcdef-right")
}

fn varies(answer: &Answer) -> bool {
    let mut headers = answer.headers.iter().filter(|(name, _)| name == "vary");
    headers.any(|(_, vary)| vary.eq_ignore_ascii_case("origin"))
}

#[test]
fn allowed_page_reads_answers() {
    let node = with_page().start();
    for (route, method) in requests(Access::Read) {
        let answer = ask(&node, route, method, &["Host: localhost", PAGE, SITE]);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("https://page.example"),
            "{}",
            route.path
        );
        assert_eq!(answer.header("access-control-expose-headers"), Some("ETag"));
        assert!(varies(&answer));
        for other in
            [OTHER, "Origin: http://page.example", "Origin: null", "Origin: https://page.example.evil"]
        {
            let answer = ask(&node, route, method, &["Host: localhost", other, SITE]);
            assert_eq!(answer.header("access-control-allow-origin"), None, "{other}");
            assert!(varies(&answer), "caches must keep the origins apart");
        }
    }
}

#[test]
fn allowed_page_submits_payments() {
    let node = with_page().start();
    let submitted = |origin| {
        let mut raw = Raw::open(&node);
        raw.request("POST", "/transactions/new", &["Host: localhost", origin, SITE], &pay("bob", "5").json());
        raw.answer().unwrap()
    };
    let answer = submitted(PAGE);
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
    assert_eq!(submitted(OTHER).status, 403);
    assert_eq!(node.pool().len(), 1);
}

#[test]
fn allowed_page_needs_the_token_for_owner_requests() {
    for launch in [with_page(), with_page().argument("--open"), with_page().flag("owner", "token")] {
        let node = launch.start();
        let before = node.state();
        for (route, method) in requests(Access::Owner) {
            let answer = ask(&node, route, method, &["Host: localhost", PAGE, SITE]);
            assert_eq!(answer.status, 403, "{method} {}", route.path);
            let right = "Authorization: Bearer 0123456789abcdef-right";
            assert_eq!(ask(&node, route, method, &["Host: localhost", OTHER, SITE, right]).status, 403);
            assert_eq!(ask(&node, route, method, &["Host: evil.example", PAGE, SITE, right]).status, 403);
            if method != "HEAD" {
                // The page can read why.
                assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
                assert!(answer.text.contains("Bearer"), "{}", answer.text);
            }
        }
        assert_eq!(node.state(), before);
        for (route, method) in requests(Access::Owner) {
            let right = "Authorization: bearer 0123456789abcdef-right";
            let answer = ask(&node, route, method, &["Host: localhost", PAGE, SITE, right]);
            assert_ne!(answer.status, 403, "{method} {}", route.path);
        }
    }
}

#[test]
fn preflight_lists_what_the_page_may_send() {
    let node = with_page().start();
    for access in [Access::Read, Access::Submit, Access::Owner] {
        for (route, method) in requests(access) {
            let request_method = format!("Access-Control-Request-Method: {method}");
            let answer = ask(&node, route, "OPTIONS", &["Host: localhost", PAGE, SITE, &request_method]);
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
            assert!(
                answer.header("access-control-allow-methods").unwrap().contains(method),
                "{}",
                route.path
            );
            assert!(answer.header("access-control-allow-headers").unwrap().contains("Authorization"));
            let answer = ask(&node, route, "OPTIONS", &["Host: localhost", OTHER, SITE, &request_method]);
            let permits = answer.headers.iter().filter(|(name, _)| name.starts_with("access-control-"));
            assert_eq!((answer.status, permits.count()), (200, 0));
        }
    }
}

#[test]
fn no_allowed_pages_means_no_cors_headers() {
    let node = Node::start();
    for (route, method) in requests(Access::Read) {
        let answer = ask(&node, route, method, &["Host: localhost", PAGE, SITE]);
        assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control-")));
        assert!(!varies(&answer), "{}", route.path);
    }
}

#[test]
fn every_source_takes_several_pages_and_hosts() {
    let both = "allowedOrigin = [\"https://one.example\", \"https://two.example\"]\nallowedHost = [\"one\", \"two\"]\n";
    for launch in [
        Launch::usual().file("config/node.toml", both),
        Launch::usual()
            .variable("LEDGER_ALLOWED_ORIGIN", "https://one.example, https://two.example")
            .variable("LEDGER_ALLOWED_HOST", "one,two"),
        [
            "--allowed-origin=https://one.example",
            "--allowed-origin=https://two.example",
            "--allowed-host=one",
        ]
        .into_iter()
        .chain(["--allowed-host=two"])
        .fold(Launch::usual(), |launch, flag| launch.argument(flag)),
    ] {
        let node = launch.start();
        for name in ["one", "two"] {
            let mut raw = Raw::open(&node);
            raw.request(
                "GET",
                "/chain",
                &["Host: localhost", &format!("Origin: https://{name}.example")],
                "",
            );
            let seen = raw.answer().unwrap();
            assert_eq!(seen.header("access-control-allow-origin"), Some(&*format!("https://{name}.example")));
            raw.request("GET", "/mine", &[&format!("Host: {name}:5000")], "");
            assert_eq!(raw.answer().unwrap().status, 200);
        }
    }
}
