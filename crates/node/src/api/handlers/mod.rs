//! The handlers, a file per resource, and the table of all routes. Everything about a route follows from its line: the
//! handler, the access check (`guard`), the paths in a 404, the tests' requests, and the tables in the documents, which a test
//! compares.
//!
//! Handlers are short: parse, call, answer.

mod blockchain;
mod metrics;
mod mine;
mod nodes;
mod peers;
mod secret;
mod status;
mod transactions;
mod web;

use actix_web::web::to;

use blockchain::{addresses, blocks, chain, wallets};
pub use web::progress::show_progress;
use web::{class, docs, events, lab, page};

use super::route::{DELETE, GET_OR_POST, POST, Route, owner, read, submit};

/// The tutorial's routes (sections 4, 7.1 and 8.3), and ours.
pub const ROUTES: &[Route] = &[
    read("/", "the node's page, for browsers", || to(page::home))
        .only_if(page::wants_page)
        .doc(page::home_doc),
    read("/page/{file}", "a file of the page", || to(page::file))
        .matching("/page/{file:.*}")
        .doc(page::file_doc),
    read("/openapi.json", "the OpenAPI description, for programs", || to(docs::openapi))
        .doc(docs::openapi_doc),
    read("/docs", "a page to try the interface", || to(docs::docs)).doc(docs::docs_doc),
    read("/class", "the class board, for browsers", || to(class::board)).doc(class::board_doc),
    owner("/class/nodes", "every node of the network, for the class board", || to(class::nodes))
        .takes(GET_OR_POST)
        .doc(class::nodes_doc),
    read("/chain", "the whole chain, or a part of it", || to(chain::chain)).doc(chain::doc).costly(),
    read("/blocks/{which}", "one block: the last one, or one by index or hash", || to(blocks::block))
        .doc(blocks::doc),
    read("/addresses/{address}", "an address's payments and their sums", || to(addresses::address))
        .matching("/addresses/{address:.*}")
        .doc(addresses::doc)
        .costly(),
    read("/wallets", "the wallets that the chain names", || to(wallets::wallets)).doc(wallets::doc).costly(),
    owner("/mine", "mine a block", || to(mine::mine)).takes(GET_OR_POST).doc(mine::mine_doc).costly(),
    read("/mine/progress", "progress of the search for a proof", || to(mine::progress))
        .doc(mine::progress_doc),
    read("/mine/last", "the last block mined here, and the work in it", || to(mine::last))
        .doc(mine::last_doc),
    read("/transactions", "the waiting payments", || to(transactions::pool))
        .doc(transactions::pool_doc)
        .costly(),
    submit("/transactions/new", "send a signed payment", || to(transactions::submit))
        .doc(transactions::submit_doc),
    read("/status", "the state of the node in one answer", || to(status::status)).doc(status::doc),
    read("/events", "changes as they happen", || to(events::events)).doc(events::doc),
    read("/metrics", "figures for Prometheus", || to(metrics::metrics)).doc(metrics::doc).costly(),
    submit("/lab/verify", "check any blocks; nothing changes", || to(lab::verdicts)).doc(lab::doc).costly(),
    read("/nodes", "the neighbours", || to(nodes::list)).doc(nodes::list_doc),
    read("/peers", "the peers of both kinds", || to(peers::list)).doc(peers::doc).costly(),
    owner("/nodes/register", "add neighbours", || to(nodes::register))
        .takes(POST)
        .doc(nodes::register_doc)
        .costly(),
    owner("/nodes/resolve", "compare chains with the neighbours", || to(nodes::resolve))
        .takes(GET_OR_POST)
        .doc(nodes::resolve_doc)
        .costly(),
    owner("/secret", "show the secret on the node's console", || to(secret::secret))
        .takes(GET_OR_POST)
        .doc(secret::doc),
    // After the paths that it would also match.
    owner("/nodes/{host:port}", "remove a neighbour", || to(nodes::unregister))
        .takes(DELETE)
        .matching("/nodes/{address}")
        .doc(nodes::unregister_doc),
];
