//! The web page and what it asks of the node.

mod files;
