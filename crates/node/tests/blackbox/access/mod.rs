//! Access: owner, users, and pages in their browsers.

mod cors;
mod pages;
mod routes;
mod tokens;
