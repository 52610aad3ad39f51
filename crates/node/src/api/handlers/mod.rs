//! The handlers, a file for each resource, and the table of all routes. All that has to do with every route is made of the
//! table: what is answered, to whom it is (`guard`), what the 404 names, what the tests ask, and the tables in the
//! documents, which a test compares with it.
//!
//! Handlers are short: parse, call, answer.

mod addresses;
mod blocks;
mod chain;
mod events;
mod lab;
mod mine;
mod nodes;
mod page;
mod secret;
mod status;
mod transactions;

use actix_web::web::to;

pub use events::show_mining;

use super::route::{DELETE, GET_OR_POST, POST, Route, owner, read, submit};

/// The tutorial's routes (sections 4, 7.1 and 8.3), and those beyond it.
pub const ROUTES: &[Route] = &[
    read("/", "the node's page, for browsers", || to(page::home)).only_if(page::wants_page),
    read("/page/{file}", "a file of the page", || to(page::file)).matching("/page/{file:.*}"),
    read("/chain", "the whole chain, or a part of it", || to(chain::chain)),
    read("/blocks/{which}", "one block: the last one, or one by index or hash", || to(blocks::block)),
    read("/addresses/{address}", "what an address was paid and has paid", || to(addresses::address))
        .matching("/addresses/{address:.*}"),
    owner("/mine", "mine a block", || to(mine::mine)).takes(GET_OR_POST),
    read("/mine/progress", "how far the search for a proof is", || to(mine::progress)),
    read("/mine/last", "the block that was mined last, and the work in it", || to(mine::last)),
    read("/transactions", "the payments that wait", || to(transactions::pool)),
    submit("/transactions/new", "send a signed payment", || to(transactions::submit)),
    read("/status", "how the node is, in one answer", || to(status::status)),
    read("/events", "what changes, as it happens", || to(events::events)),
    submit("/lab/verify", "check any blocks; nothing changes", || to(lab::verdicts)),
    read("/nodes", "the neighbours", || to(nodes::list)),
    owner("/nodes/register", "add neighbours", || to(nodes::register)).takes(POST),
    owner("/nodes/resolve", "compare chains with the neighbours", || to(nodes::resolve)).takes(GET_OR_POST),
    owner("/secret", "show the secret on the node's console", || to(secret::secret)).takes(GET_OR_POST),
    // After the paths that it would match too.
    owner("/nodes/{host:port}", "remove a neighbour", || to(nodes::unregister))
        .takes(DELETE)
        .matching("/nodes/{address}"),
];
