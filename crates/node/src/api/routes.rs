//! The table of all routes. All that has to do with every route is made of it: what is answered, to whom it is (`guard`),
//! what the 404 names, what the tests ask, and the tables in the documents, which a test compares with it.

use actix_web::web::to;

use super::{addresses, blocks, chain, mine, nodes, secret, transactions};
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
}

/// Flask answers HEAD wherever it answers GET, and so does a node.
const GET: &[&str] = &["GET", "HEAD"];

/// What changes something should be asked by POST; the tutorial's clients use GET.
const GET_OR_POST: &[&str] = &["GET", "HEAD", "POST"];

const POST: &[&str] = &["POST"];

const DELETE: &[&str] = &["DELETE"];

/// The tutorial's routes (sections 4, 7.1 and 8.3), and those beyond it.
pub const ROUTES: &[Route] = &[
    read("/chain", "the whole chain, or a part of it", || to(chain::chain)),
    read("/blocks/{which}", "one block: the last one, or one by index or hash", || to(blocks::block)),
    read("/addresses/{address}", "what an address was paid and has paid", || to(addresses::address))
        .matching("/addresses/{address:.*}"),
    owner("/mine", GET_OR_POST, "mine a block", || to(mine::mine)),
    read("/mine/progress", "how far the search for a proof is", || to(mine::progress)),
    read("/mine/last", "the block that was mined last, and the work in it", || to(mine::last)),
    read("/transactions", "the payments that wait", || to(transactions::pool)),
    submit("/transactions/new", "send a signed payment", || to(transactions::submit)),
    read("/nodes", "the neighbours", || to(nodes::list)),
    owner("/nodes/register", POST, "add neighbours", || to(nodes::register)),
    owner("/nodes/resolve", GET_OR_POST, "compare chains with the neighbours", || to(nodes::resolve)),
    owner("/secret", GET_OR_POST, "show the secret on the node's console", || to(secret::secret)),
    // After the paths that it would match too.
    owner("/nodes/{host:port}", DELETE, "remove a neighbour", || to(nodes::unregister))
        .matching("/nodes/{address}"),
];

type Handler = fn() -> actix_web::Route;

const fn read(path: &'static str, about: &'static str, handler: Handler) -> Route {
    Route { path, methods: GET, access: Access::Read, about, pattern: path, handler }
}

const fn submit(path: &'static str, about: &'static str, handler: Handler) -> Route {
    Route { path, methods: POST, access: Access::Submit, about, pattern: path, handler }
}

const fn owner(
    path: &'static str,
    methods: &'static [&'static str],
    about: &'static str,
    handler: Handler,
) -> Route {
    Route { path, methods, access: Access::Owner, about, pattern: path, handler }
}

impl Route {
    /// The same route, with a pattern for the router that is not its path.
    const fn matching(mut self, pattern: &'static str) -> Self {
        self.pattern = pattern;
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
