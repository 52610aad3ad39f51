//! Reading keys as tools and places give them: files, clipboards, settings, other programs.
//!
//! What an address *is* on the wire stays strict ([`PublicKey::parse`](crate::PublicKey::parse)); this is for people. A key
//! is looked for in layers (`layers`): bytes become text (`text`), text holds PEM blocks (`armour`) or a form without
//! them (`plain`, `numbers_by_name`, `ssh`), or is base64 of any of these (`base64`), and what comes out of the armour is
//! DER (`der`). A form that is known but not read is named, with the command that converts it
//! ([`KeyForm`](crate::KeyForm)).

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
