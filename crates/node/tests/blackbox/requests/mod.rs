//! Requests of all kinds of clients.

mod busy_addresses;
mod connections;
mod costly_clients;
mod endpoints;
mod foreign_text;
mod http_of_clients;
mod rates;
mod reads;
mod request_log;
mod text_encodings;
mod url_encoding;
