//! The web page's files.

use crate::harness::http::Answer;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

const BROWSER: &str = "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

fn ask(node: &Node, path: &str, headers: &[&str]) -> Answer {
    let mut raw = Raw::open(node);
    raw.request("GET", path, &[&["Host: localhost"], headers].concat(), "");
    raw.answer().unwrap()
}

#[test]
fn browser_gets_the_page_and_others_the_paths() {
    let node = Node::start();
    let page = ask(&node, "/", &[BROWSER]);
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text.starts_with("<!DOCTYPE html>"), "{}", page.text);
    for headers in [&[][..], &["Accept: */*"], &["Accept: application/json"]] {
        let answer = ask(&node, "/", headers);
        assert_eq!(answer.status, 404, "{headers:?}");
        assert!(answer.text.contains("/chain"), "{}", answer.text);
    }
}

#[test]
fn page_loads_only_from_its_node() {
    let node = Node::start();
    for path in ["/", "/page/index.html"] {
        let page = ask(&node, path, &[BROWSER]);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn unchanged_file_is_not_sent_again() {
    let node = Node::start();
    let page = ask(&node, "/page/index.html", &[]);
    let held = format!("If-None-Match: {}", page.header("etag").unwrap());
    let again = ask(&node, "/page/index.html", &[&held]);
    assert_eq!((again.status, &*again.text), (304, ""));
    assert_eq!(again.header("etag"), page.header("etag"));
    assert_eq!(ask(&node, "/page/index.html", &["If-None-Match: \"other\""]).status, 200);
}

#[test]
fn browser_caches_named_files_and_revalidates_the_page() {
    let node = Node::start();
    let page = ask(&node, "/", &[BROWSER]);
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let named: Vec<&str> = page.text.split('"').filter(|text| text.starts_with("/page/")).collect();
    assert!(named.iter().any(|path| path.ends_with("/app/main.js")), "{named:?}");
    for path in named {
        let file = ask(&node, path, &[]);
        assert_eq!(
            (file.status, file.header("cache-control")),
            (200, Some("public, max-age=31536000, immutable")),
            "{path}"
        );
        // With another version in its path, or none, the file is the same but must be revalidated.
        let (_, name) = path["/page/".len()..].split_once('/').unwrap();
        for path in [format!("/page/{name}"), format!("/page/0123456789abcdef/{name}")] {
            let checked = ask(&node, &path, &[]);
            assert_eq!((checked.status, checked.header("cache-control")), (200, Some("no-cache")), "{path}");
            assert_eq!(checked.text, file.text, "{path}");
        }
    }
}

#[test]
fn file_is_compressed_for_clients_that_accept_it() {
    let node = Node::start();
    let plain = ask(&node, "/page/index.html", &["Accept-Encoding: identity"]);
    assert_eq!(plain.header("content-encoding"), None);
    // HEAD: the harness reads only text, and the body is not text.
    let mut raw = Raw::open(&node);
    raw.request("HEAD", "/page/index.html", &["Host: localhost", "Accept-Encoding: gzip, deflate, br"], "");
    let packed = raw.head().unwrap();
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let length = |answer: &Answer| answer.header("content-length").unwrap().parse::<usize>().unwrap();
    assert!(length(&packed) < length(&plain));
    assert_eq!(length(&plain), plain.text.len());
}

#[test]
fn unknown_file_is_refused() {
    let node = Node::start();
    for path in
        ["/page/", "/page/x.js", "/page/../Cargo.toml", "/page/%2e%2e/Cargo.toml", "/page//index.html"]
    {
        let answer = ask(&node, path, &[BROWSER]);
        assert_eq!(answer.status, 404, "{path}");
        answer.assert_refusal(path);
    }
}
