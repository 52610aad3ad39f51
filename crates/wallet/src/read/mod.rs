//! Reads keys in common formats: from files, clipboards, settings and other programs.
//!
//! Addresses on the wire are parsed strictly ([`PublicKey::parse`](crate::PublicKey::parse)); this module is for people.
//! It works in layers (`layers`): bytes become text (`text`); the text holds PEM blocks (`armour`), another format
//! (`plain`, `numbers_by_name`, `ssh`), or base64 of any of these (`base64`); inside is DER (`der`). Known but
//! unsupported formats are named, with the command that converts them ([`KeyForm`](crate::KeyForm)).

mod armour;
mod base64;
mod der;
mod key;
mod layers;
mod numbers_by_name;
mod plain;
mod ssh;
mod text;

pub(crate) use key::Key;
pub(crate) use layers::read;
