//! The web page and what it asks of the node.

mod class;
mod feed;
mod feed_limits;
mod files;
mod lab;
mod openapi;
mod peers;
mod reader;
