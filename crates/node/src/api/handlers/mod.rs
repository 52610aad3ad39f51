//! The handlers, a file per resource, and the table of all routes. Everything about a route follows from its line: the
//! handler, the access check (`guard`), the paths in a 404, the tests' requests, and the tables in the documents, which a test
//! compares.
//!
//! Handlers are short: parse, call, answer.

mod addresses;
mod blocks;
mod chain;
mod metrics;
mod mine;
mod nodes;
mod peers;
mod secret;
mod status;
mod transactions;
mod wallets;
mod web;

use actix_web::web::to;

pub use web::progress::show_progress;
use web::{class, docs, events, lab, page};

use super::route::{DELETE, GET_OR_POST, POST, Route, owner, read, submit};

/// The tutorial's routes (sections 4, 7.1 and 8.3), and ours.
pub const ROUTES: &[Route] = &[
    read("/", "the node's page, for browsers", || to(page::home))
        .only_if(page::wants_page)
        .told(page::home_doc),
    read("/page/{file}", "a file of the page", || to(page::file))
        .matching("/page/{file:.*}")
        .told(page::file_doc),
    read("/openapi.json", "the OpenAPI description, for programs", || to(docs::openapi))
        .told(docs::openapi_doc),
    read("/docs", "a page to try the interface", || to(docs::docs)).told(docs::docs_doc),
    read("/class", "the class board, for browsers", || to(class::board)).told(class::board_doc),
    owner("/class/nodes", "every node of the network, for the class board", || to(class::nodes))
        .takes(GET_OR_POST)
        .told(class::nodes_doc),
    read("/chain", "the whole chain, or a part of it", || to(chain::chain)).told(chain::doc).costly(),
    read("/blocks/{which}", "one block: the last one, or one by index or hash", || to(blocks::block))
        .told(blocks::doc),
    read("/addresses/{address}", "an address's payments and their sums", || to(addresses::address))
        .matching("/addresses/{address:.*}")
        .told(addresses::doc)
        .costly(),
    read("/wallets", "the wallets that the chain names", || to(wallets::wallets)).told(wallets::doc).costly(),
    owner("/mine", "mine a block", || to(mine::mine)).takes(GET_OR_POST).told(mine::mine_doc).costly(),
    read("/mine/progress", "progress of the search for a proof", || to(mine::progress))
        .told(mine::progress_doc),
    read("/mine/last", "the last block mined here, and the work in it", || to(mine::last))
        .told(mine::last_doc),
    read("/transactions", "the waiting payments", || to(transactions::pool))
        .told(transactions::pool_doc)
        .costly(),
    submit("/transactions/new", "send a signed payment", || to(transactions::submit))
        .told(transactions::submit_doc),
    read("/status", "the state of the node in one answer", || to(status::status)).told(status::doc),
    read("/events", "changes as they happen", || to(events::events)).told(events::doc),
    read("/metrics", "figures for Prometheus", || to(metrics::metrics)).told(metrics::doc).costly(),
    submit("/lab/verify", "check any blocks; nothing changes", || to(lab::verdicts)).told(lab::doc).costly(),
    read("/nodes", "the neighbours", || to(nodes::list)).told(nodes::list_doc),
    read("/peers", "the peers of both kinds", || to(peers::list)).told(peers::doc).costly(),
    owner("/nodes/register", "add neighbours", || to(nodes::register))
        .takes(POST)
        .told(nodes::register_doc)
        .costly(),
    owner("/nodes/resolve", "compare chains with the neighbours", || to(nodes::resolve))
        .takes(GET_OR_POST)
        .told(nodes::resolve_doc)
        .costly(),
    owner("/secret", "show the secret on the node's console", || to(secret::secret))
        .takes(GET_OR_POST)
        .told(secret::doc),
    // After the paths that it would also match.
    owner("/nodes/{host:port}", "remove a neighbour", || to(nodes::unregister))
        .takes(DELETE)
        .matching("/nodes/{address}")
        .told(nodes::unregister_doc),
];
