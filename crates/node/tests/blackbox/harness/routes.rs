//! The node's own table of routes, for tests of every route.

use node::access::Access;
use node::api::{ROUTES, Route};

use super::http::Answer;
use super::node::Node;
use super::raw::Raw;

/// Each route with this access, with each of its methods.
pub(crate) fn requests(access: Access) -> impl Iterator<Item = (&'static Route, &'static str)> {
    let routes = ROUTES.iter().filter(move |route| route.access == access);
    routes.flat_map(|route| route.methods.iter().map(move |&method| (route, method)))
}

/// A path that matches the route.
pub(crate) fn path(route: &Route) -> String {
    let path =
        route.path.replace("{which}", "latest").replace("{address}", "bob").replace("{file}", "index.html");
    let path = path.replace("{host:port}", "localhost:7001");
    assert!(!path.contains('{'), "{path} has a part without an example: add one here");
    path
}

/// Sends a request with these headers on its own connection.
pub(crate) fn ask(node: &Node, route: &Route, method: &str, headers: &[&str]) -> Answer {
    let body = match (method, route.path) {
        ("POST", "/nodes/register") => r#"{"nodes": []}"#,
        ("POST", _) => "{}",
        _ => "",
    };
    let browser = if route.path == "/" { &["Accept: text/html"][..] } else { &[] };
    let mut raw = Raw::open(node);
    raw.request(method, &path(route), &[headers, browser].concat(), body);
    // The live feed never ends.
    let answer = if method == "HEAD" || route.path == "/events" { raw.head() } else { raw.answer() };
    answer.unwrap_or_else(|| panic!("{method} {} {headers:?} got no answer", route.path))
}
