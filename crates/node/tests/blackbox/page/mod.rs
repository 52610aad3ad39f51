//! The web page and what it asks of the node.

mod feed;
mod feed_limits;
mod files;
mod lab;
mod openapi;
mod peers;
mod reader;
