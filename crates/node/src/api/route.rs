//! A route: its path, methods, access and handler.

use actix_web::guard::GuardContext;

use super::doc::Endpoint;
use crate::access::Access;
use crate::http::Cost;

/// A path, and how it is answered.
#[derive(Debug)]
pub struct Route {
    /// The path as people write it; `{…}` is the part that they choose.
    pub path: &'static str,
    /// The accepted methods.
    pub methods: &'static [&'static str],
    /// Who may use it.
    pub access: Access,
    /// Its purpose, in a line.
    pub about: &'static str,
    /// The path as the router reads it.
    pub(super) pattern: &'static str,
    /// What a request takes from its client's budget.
    pub(super) cost: Cost,
    /// Makes the handler.
    pub(super) handler: fn() -> actix_web::Route,
    /// Which requests it answers; the others get 404.
    pub(super) answers: fn(&GuardContext<'_>) -> bool,
    /// Its description for programs.
    pub(super) doc: fn() -> Endpoint,
}

/// Like Flask, a node answers HEAD wherever it answers GET.
const GET: &[&str] = &["GET", "HEAD"];

/// For routes that change something. POST would be right, but the tutorial's clients use GET.
pub(super) const GET_OR_POST: &[&str] = &["GET", "HEAD", "POST"];

pub(super) const POST: &[&str] = &["POST"];

pub(super) const DELETE: &[&str] = &["DELETE"];

type Handler = fn() -> actix_web::Route;

pub(super) const fn read(path: &'static str, about: &'static str, handler: Handler) -> Route {
    route(path, about, Access::Read, handler)
}

pub(super) const fn submit(path: &'static str, about: &'static str, handler: Handler) -> Route {
    route(path, about, Access::Submit, handler).takes(POST)
}

pub(super) const fn owner(path: &'static str, about: &'static str, handler: Handler) -> Route {
    route(path, about, Access::Owner, handler)
}

const fn route(path: &'static str, about: &'static str, access: Access, handler: Handler) -> Route {
    Route {
        path,
        methods: GET,
        access,
        about,
        pattern: path,
        cost: Cost::Usual,
        handler,
        answers: |_| true,
        doc: Endpoint::default,
    }
}

impl Route {
    /// The route with these methods instead of GET.
    pub(super) const fn takes(mut self, methods: &'static [&'static str]) -> Self {
        self.methods = methods;
        self
    }

    /// The route with a router pattern other than its path.
    pub(super) const fn matching(mut self, pattern: &'static str) -> Self {
        self.pattern = pattern;
        self
    }

    /// The route with its description for `/openapi.json`.
    pub(super) const fn doc(mut self, doc: fn() -> Endpoint) -> Self {
        self.doc = doc;
        self
    }

    /// The route, with requests that cost more of the client's budget.
    pub(super) const fn costly(mut self) -> Self {
        self.cost = Cost::Costly;
        self
    }

    /// The route for those requests only that `answers` accepts.
    pub(super) const fn only_if(mut self, answers: fn(&GuardContext<'_>) -> bool) -> Self {
        self.answers = answers;
        self
    }

    /// The methods, in the form of the header `Allow`.
    pub fn allow(&self) -> String {
        self.methods.join(", ")
    }

    /// The route as the documents name it, such as `GET or POST /mine`.
    pub fn title(&self) -> String {
        let methods: Vec<&str> = self.methods.iter().copied().filter(|&method| method != "HEAD").collect();
        format!("{} {}", methods.join(" or "), self.path)
    }
}
