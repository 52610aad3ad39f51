//! What a route is: its path, its methods, who may ask, and its handler.

use actix_web::guard::GuardContext;

use super::doc::Endpoint;
use crate::access::Access;

/// An address, and what is answered there.
#[derive(Debug)]
pub struct Route {
    /// The path as people write it; `{…}` stands for what they choose.
    pub path: &'static str,
    /// The methods it takes.
    pub methods: &'static [&'static str],
    /// Who may ask.
    pub access: Access,
    /// What it is for, in a line.
    pub about: &'static str,
    /// The path as the router reads it.
    pub(super) pattern: &'static str,
    /// Makes the handler.
    pub(super) handler: fn() -> actix_web::Route,
    /// Which requests it answers; to the others there is nothing here.
    pub(super) answers: fn(&GuardContext<'_>) -> bool,
    /// What it takes and answers, for programs.
    pub(super) doc: fn() -> Endpoint,
}

/// Flask answers HEAD wherever it answers GET, and so does a node.
const GET: &[&str] = &["GET", "HEAD"];

/// What changes something should be asked by POST; the tutorial's clients use GET.
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
        handler,
        answers: |_| true,
        doc: Endpoint::default,
    }
}

impl Route {
    /// The route, asked by these methods and not by GET alone.
    pub(super) const fn takes(mut self, methods: &'static [&'static str]) -> Self {
        self.methods = methods;
        self
    }

    /// The same route, with a pattern for the router that is not its path.
    pub(super) const fn matching(mut self, pattern: &'static str) -> Self {
        self.pattern = pattern;
        self
    }

    /// The route, described.
    pub(super) const fn told(mut self, doc: fn() -> Endpoint) -> Self {
        self.doc = doc;
        self
    }

    /// The route, only for some requests.
    pub(super) const fn only_if(mut self, answers: fn(&GuardContext<'_>) -> bool) -> Self {
        self.answers = answers;
        self
    }

    /// The methods, as the header `Allow` names them.
    pub fn allow(&self) -> String {
        self.methods.join(", ")
    }

    /// The route as the documents name it, such as `GET or POST /mine`.
    pub fn title(&self) -> String {
        let methods: Vec<&str> = self.methods.iter().copied().filter(|&method| method != "HEAD").collect();
        format!("{} {}", methods.join(" or "), self.path)
    }
}
