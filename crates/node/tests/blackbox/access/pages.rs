//! Pages of other sites: which requests count as foreign.

use node::access::Access;

use crate::harness::http::Answer;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::raw::Raw;
use crate::harness::routes::{ask, requests};

const CHROME: &str =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

/// Headers that mark a request as one of another site's page, although its host is right.
const FOREIGN: [&[&str]; 18] = [
    &["Sec-Fetch-Site: cross-site"],
    &["Sec-Fetch-Site: same-site"],
    &["Sec-Fetch-Site: CROSS-SITE"],
    &["Sec-Fetch-Site: something new"],
    &["Sec-Fetch-Site:"],
    &["Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"],
    &["Sec-Fetch-Site: same-origin, cross-site"],
    &["Sec-Fetch-Site: cross-site", "Origin: http://localhost"],
    &["Origin: http://evil.example"],
    &["Origin: https://evil.example:5000", "Sec-Fetch-Site: same-origin"],
    &["Origin: null"],
    &["Origin:"],
    &["Origin: http://localhost:8000"],
    &["Origin: http://localhost.evil.example"],
    &["Origin: http://localhost@evil.example"],
    &["Origin: http://localhost http://evil.example"],
    &["Origin: http://localhost", "Origin: http://evil.example"],
    &["Origin: http://127.0.0.1"],
];

/// Hosts that are not this node's, though some look similar.
const FOREIGN_HOSTS: [&[&str]; 27] = [
    &["Host: evil.example"],
    &["Host: evil.example:5000"],
    &["Host: localhost.evil.com"],
    &["Host: 127.0.0.1.evil.com"],
    &["Host: localhost.localdomain"],
    &["Host: evil.localhost"],
    &["Host: localhost."],
    &["Host: evil.example."],
    &["Host: user@localhost"],
    &["Host: localhost@evil.example"],
    &["Host: localhost:5000:5000"],
    &["Host: localhost:"],
    &["Host: localhost:99999"],
    &["Host: localhost, evil.example"],
    &["Host: localhost/"],
    &["Host: http://localhost"],
    &["Host: 2130706433"],
    &["Host: 0x7f000001"],
    &["Host: 0x7f.0.0.1"],
    &["Host: 127.1"],
    &["Host: 0177.0.0.1"],
    &["Host: ::1"],
    &["Host: [::1%25lo]"],
    &["Host: [::1"],
    &["Host:"],
    &["Host: localhost", "Host: evil.example"],
    &[],
];

/// Hosts that are always this node's.
const OUR_HOSTS: [&str; 10] = [
    "localhost",
    "LocalHost:5000",
    "localhost:1",
    "127.0.0.1",
    "127.9.9.9:5000",
    "192.0.2.7:5000",
    "[::1]",
    "[::1]:5000",
    "[0:0:0:0:0:0:0:1]:5000",
    "[::FFFF:127.0.0.1]:5000",
];

fn with_host<'a>(headers: &[&'a str]) -> Vec<&'a str> {
    [&["Host: localhost"], headers].concat()
}

/// Nodes with different owner settings, and headers with the token.
fn nodes() -> Vec<(Node, Vec<String>)> {
    let usual = || Launch::usual().variable("LEDGER_OWNER_TOKEN", "0123456789abcdef-right");
    let token = vec!["Authorization: Bearer 0123456789abcdef-right".to_owned()];
    let launches = [
        (usual(), Vec::new()),
        (usual().argument("--open"), Vec::new()),
        (usual().flag("owner", "token"), token),
    ];
    launches.into_iter().map(|(launch, headers)| (launch.start(), headers)).collect()
}

#[test]
fn foreign_page_cannot_act_or_submit() {
    for (node, token) in nodes() {
        let before = node.state();
        let token: Vec<&str> = token.iter().map(String::as_str).collect();
        for (route, method) in requests(Access::Owner).chain(requests(Access::Submit)) {
            for foreign in FOREIGN {
                let headers = [with_host(foreign), token.clone()].concat();
                let answer = ask(&node, route, method, &headers);
                assert_eq!(answer.status, 403, "{method} {} {headers:?}: {}", route.path, answer.text);
            }
        }
        assert_eq!(node.state(), before);
    }
}

#[test]
fn foreign_host_cannot_act_as_owner() {
    for (node, token) in nodes() {
        let before = node.state();
        let token: Vec<&str> = token.iter().map(String::as_str).collect();
        for (route, method) in requests(Access::Owner) {
            for host in FOREIGN_HOSTS {
                let answer = ask(&node, route, method, &[host, &token].concat());
                // Without exactly one host, the server refuses the request before our rules.
                assert!(
                    [400, 403].contains(&answer.status),
                    "{method} {} {host:?}: {}",
                    route.path,
                    answer.text
                );
            }
        }
        assert_eq!(node.state(), before);
    }
}

#[test]
fn absolute_target_must_match_the_host() {
    let node = Node::start();
    let answer = |target: &str, host: &str| {
        let mut raw = Raw::open(&node);
        raw.request("POST", target, &[host], "");
        raw.answer().unwrap().status
    };
    assert_eq!(answer("http://evil.example/mine", "Host: localhost"), 403);
    assert_eq!(answer("http://localhost/mine", "Host: evil.example"), 403);
    assert_eq!(answer("http://evil.example/mine", "Host: evil.example"), 403);
    assert_eq!(answer("http://user@localhost/mine", "Host: localhost"), 403);
    assert_eq!(node.chain().len(), 1);
    assert_eq!(answer("http://localhost/mine", "Host: localhost"), 200);
}

#[test]
fn local_names_are_ours() {
    let node = Node::start();
    for (count, host) in (2..).zip(OUR_HOSTS) {
        let mut raw = Raw::open(&node);
        raw.request("GET", "/mine", &[&format!("Host: {host}")], "");
        assert_eq!(raw.answer().unwrap().status, 200, "{host}");
        assert_eq!(node.chain().len(), count);
    }
}

#[test]
fn own_pages_and_direct_requests_are_served() {
    let node = Launch::usual().flag("allowed-host", "ledger.example").start();
    for headers in [
        &["Host: localhost:5000", "Origin: http://localhost:5000", "Sec-Fetch-Site: same-origin", CHROME][..],
        &["Host: localhost:5000", "Sec-Fetch-Site: same-origin", CHROME],
        &["Host: localhost:5000", "Sec-Fetch-Site: none", CHROME],
        &["Host: 192.0.2.7:5000", "Origin: http://192.0.2.7:5000", CHROME],
        &["Host: ledger.example", "Origin: https://ledger.example", "Sec-Fetch-Site: same-origin", CHROME],
        &["Host: LEDGER.example:80", "Origin: http://ledger.example", CHROME],
        &["Host: localhost", "User-Agent: curl/8.5.0"],
        &["Host: localhost", "User-Agent: Mozilla/5.0 (Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041"],
    ] {
        for (route, method) in requests(Access::Owner) {
            let answer = ask(&node, route, method, headers);
            assert_ne!(answer.status, 403, "{method} {} {headers:?}: {}", route.path, answer.text);
        }
    }
}

#[test]
fn dns_rebinding_is_refused() {
    let node = Launch::usual().argument("--open").start();
    for headers in [
        &[
            "Host: evil.example:5000",
            "Origin: http://evil.example:5000",
            "Sec-Fetch-Site: same-origin",
            CHROME,
        ][..],
        &["Host: evil.example:5000", "Origin: http://evil.example:5000", CHROME],
        &["Host: evil.example:5000", "Sec-Fetch-Site: same-origin", CHROME],
        &["Host: evil.example:5000", "Sec-Fetch-Site: none", CHROME],
    ] {
        for (route, method) in requests(Access::Owner).chain(requests(Access::Submit)) {
            let answer = ask(&node, route, method, headers);
            assert_eq!(answer.status, 403, "{method} {} {headers:?}", route.path);
        }
    }
}

/// Browsers send `Sec-Fetch-Site` only to trusted addresses, and `Origin` only if a page sends or reads data. An image
/// from `http://192.0.2.7:5000/mine` has neither.
#[test]
fn browser_without_fetch_metadata_counts_as_foreign() {
    let node = Launch::usual().argument("--open").start();
    let before = node.state();
    for (route, method) in requests(Access::Owner).chain(requests(Access::Submit)) {
        let answer = ask(&node, route, method, &["Host: 192.0.2.7:5000", CHROME]);
        assert_eq!(answer.status, 403, "{method} {}", route.path);
    }
    assert_eq!(node.state(), before);
}

#[test]
fn reads_stay_open_to_pages_of_other_sites() {
    let launch = Launch::usual().variable("LEDGER_OWNER_TOKEN", "0123456789abcdef-right");
    let node = launch.flag("owner", "token").start();
    let (mine, method) = requests(Access::Owner).find(|(route, _)| route.path == "/mine").unwrap();
    let token = "Authorization: Bearer 0123456789abcdef-right";
    assert_eq!(ask(&node, mine, method, &["Host: localhost", token]).status, 200);
    let hosts = FOREIGN_HOSTS.iter().filter(|headers| headers.len() == 1).map(|host| host.to_vec());
    for headers in FOREIGN.iter().map(|headers| with_host(headers)).chain(hosts) {
        for (route, method) in requests(Access::Read) {
            let answer = ask(&node, route, method, &headers);
            assert_eq!(answer.status, 200, "{method} {} {headers:?}", route.path);
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
}

#[test]
fn programs_submit_under_any_host_name() {
    let node = Launch::usual().flag("owner", "token").start();
    let submitted = |headers: &[&str]| -> Answer {
        let mut raw = Raw::open(&node);
        raw.request("POST", "/transactions/new", headers, &pay("bob", "5").json());
        raw.answer().unwrap()
    };
    assert_eq!(submitted(&["Host: teacher-pc:5000"]).status, 201);
    assert_eq!(submitted(&["Host: node", "User-Agent: python-requests/2.32"]).status, 201);
    assert_eq!(submitted(&["Host: node", "Origin: http://evil.example"]).status, 403);
    assert_eq!(node.pool().len(), 2);
}

#[test]
fn refusal_says_what_to_do() {
    let node = Node::start();
    let refusal = |headers: &[&str]| {
        let mut raw = Raw::open(&node);
        raw.request("GET", "/mine", headers, "");
        let answer = raw.answer().unwrap();
        assert_eq!(answer.status, 403);
        answer.assert_refusal("a refusal");
        answer.text
    };
    assert!(refusal(&["Host: Teacher-PC:5000"]).contains("--allowed-host teacher-pc"));
    assert!(refusal(&["Host: localhost", "Origin: http://page.example"]).contains("--allowed-origin"));
    assert!(refusal(&["Host: localhost", CHROME]).contains("http://localhost"));
    assert!(refusal(&["Host: localhost:x"]).contains("Host"));
}

#[test]
fn refused_requests_do_not_fill_the_log() {
    let node = Node::start();
    for _ in 0..500 {
        let mut raw = Raw::open(&node);
        raw.request("GET", "/mine", &["Host: evil.example"], "");
        assert_eq!(raw.answer().unwrap().status, 403);
    }
    let lines: Vec<String> = node.stop().stderr.into_iter().filter(|line| line.contains("refused")).collect();
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(line.contains("/mine") && line.contains("127.0.0.1"), "{line}");
}

#[test]
fn invalid_http_does_not_fill_the_log() {
    let node = Node::start();
    for request in [
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ] {
        for _ in 0..20 {
            let mut raw = Raw::open(&node);
            raw.send(request);
            assert_eq!(raw.head().unwrap().status, 400);
        }
    }
    node.get("/chain");
    let lines = node.stop().stderr;
    assert!(lines.len() <= 10, "{lines:#?}");
}
