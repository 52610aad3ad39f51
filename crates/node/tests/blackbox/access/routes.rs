//! Every route of the table: access, documentation and methods.

use std::fmt::Write;

use node::access::Access;
use node::api::ROUTES;

use crate::harness::http::request;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::harness::routes::{ask, path, requests};

const HTTP_API: &str = include_str!("../../../../../docs/http-api.md");
const SECURITY: &str = include_str!("../../../../../docs/security.md");

/// GitHub's anchor for a heading.
fn anchor(title: &str) -> String {
    let kept = |&letter: &char| letter.is_ascii_alphanumeric() || " -_".contains(letter);
    title.to_lowercase().chars().filter(kept).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn documents_list_the_routes() {
    let mut table = String::from("| request | for | |\n|---|---|---|\n");
    for route in ROUTES {
        let (title, access) = (route.title(), route.access.name());
        writeln!(table, "| [`{title}`](#{}) | {access} | {} |", anchor(&title), route.about).unwrap();
        assert!(HTTP_API.contains(&format!("\n### {title}\n")), "docs/http-api.md has no section {title}");
    }
    assert!(
        HTTP_API.contains(&format!("\n\n{table}\n")),
        "docs/http-api.md should have this table:\n{table}"
    );
}

#[test]
fn documents_list_the_requests_of_each_caller() {
    for access in [Access::Read, Access::Submit, Access::Owner] {
        let routes = ROUTES.iter().filter(|route| route.access == access);
        let titles: Vec<String> = routes.map(|route| format!("`{}`", route.title())).collect();
        let row = format!("| {} | {} |", access.name(), titles.join(", "));
        assert!(SECURITY.contains(&row), "docs/security.md should have this row:\n{row}");
    }
}

#[test]
fn unknown_path_lists_known_paths() {
    let node = Node::start();
    let answer = node.get("/nothing");
    assert_eq!(answer.status, 404);
    assert!(ROUTES.iter().all(|route| answer.text.contains(route.path)), "{}", answer.text);
}

#[test]
fn wrong_method_lists_allowed_ones() {
    let node = Node::start();
    let before = node.state();
    for route in ROUTES {
        let allowed = route.methods.join(", ");
        let others = ["GET", "POST", "PUT", "DELETE", "PATCH"];
        for method in others.into_iter().filter(|method| !route.methods.contains(method)) {
            let answer = request(method, &node.url(&path(route)));
            answer.assert_refusal(route.path);
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, Some(&*allowed)),
                "{method} {}",
                route.path
            );
        }
        let answer = request("OPTIONS", &node.url(&path(route)));
        assert_eq!((answer.status, answer.header("allow")), (200, Some(&*allowed)), "OPTIONS {}", route.path);
    }
    assert_eq!(node.state(), before);
}

#[test]
fn owner_requests_need_the_token_where_required() {
    let node = Launch::usual().flag("owner", "token").start();
    let right = format!("Authorization: Bearer {}", node.owner_token());
    let before = node.state();
    for (route, method) in requests(Access::Owner) {
        for headers in
            [&["Host: localhost"][..], &["Host: localhost", "Authorization: Bearer 0123456789abcdef"]]
        {
            let answer = ask(&node, route, method, headers);
            assert_eq!(answer.status, 403, "{method} {} {headers:?}: {}", route.path, answer.text);
            if method != "HEAD" {
                answer.assert_refusal(route.path);
                assert!(answer.text.contains("owner-token"), "{}", answer.text);
            }
        }
    }
    assert_eq!(node.state(), before);
    for (route, method) in requests(Access::Owner) {
        let answer = ask(&node, route, method, &["Host: localhost", &right]);
        assert!(answer.status < 300 || answer.status == 404, "{method} {}: {}", route.path, answer.status);
    }
    assert!(node.chain().len() > before.chain.len());
}

#[test]
fn reads_and_submissions_need_no_token() {
    let node = Launch::usual().flag("owner", "token").start();
    for (route, method) in requests(Access::Read).chain(requests(Access::Submit)) {
        let answer = ask(&node, route, method, &["Host: anything.example"]);
        assert_ne!(answer.status, 403, "{method} {}", route.path);
    }
}

#[test]
fn reads_change_nothing() {
    // Check that a new read changes nothing before you count it here.
    let reads: Vec<&str> =
        requests(Access::Read).filter(|(_, method)| *method == "GET").map(|(route, _)| route.path).collect();
    assert_eq!(reads.len(), 17, "{reads:?}");
    assert!(requests(Access::Read).all(|(_, method)| ["GET", "HEAD"].contains(&method)));
    for owners in
        ["/class/nodes", "/mine", "/secret", "/nodes/register", "/nodes/resolve", "/nodes/{host:port}"]
    {
        let route = ROUTES.iter().find(|route| route.path == owners).unwrap();
        assert_eq!(route.access, Access::Owner, "{owners}");
    }
}
