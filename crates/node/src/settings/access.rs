//! Settings for access control: the owner, known host names, and allowed pages.

use std::path::PathBuf;

use super::values::owner;
use crate::access::{HostName, Origin, OwnerRule, OwnerToken};

/// The settings for access control.
#[derive(clap::Args, Clone, Debug, PartialEq)]
pub struct AccessSettings {
    /// Who may mine, show the secret, change the neighbours and resolve without the token: loopback is every user
    /// of this machine; token is nobody, for a node behind a proxy
    #[arg(long, value_name = "WHO", value_parser = owner, default_value = "loopback")]
    pub owner: OwnerRule,

    /// Treat every machine as the owner's, for a classroom
    #[arg(long)]
    pub open: bool,

    /// The owner's token itself. It is neither a flag nor in a file, where others could read it.
    #[arg(skip)]
    pub owner_token: Option<OwnerToken>,

    /// File with the owner's token [default: owner-token in the data directory, created on first start]
    #[arg(long, value_name = "FILE")]
    pub owner_token_file: Option<PathBuf>,

    /// Host name of this node besides localhost, as clients write it; may be repeated
    #[arg(long, value_name = "NAME")]
    pub allowed_host: Vec<HostName>,

    /// Origin of web pages that may read and submit payments, such as `https://page.example`; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub allowed_origin: Vec<Origin>,
}

/// Where the owner's token comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenSource {
    /// A file in the data directory, created on first start.
    DataDirectory,
    /// An existing file.
    File(PathBuf),
    /// The environment.
    Given(OwnerToken),
}

impl AccessSettings {
    /// Who counts as the owner without the token.
    pub fn rule(&self) -> OwnerRule {
        if self.open { OwnerRule::Open } else { self.owner }
    }

    /// Where the token comes from.
    pub fn token(&self) -> TokenSource {
        match (&self.owner_token, &self.owner_token_file) {
            (Some(token), _) => TokenSource::Given(token.clone()),
            (None, Some(file)) => TokenSource::File(file.clone()),
            (None, None) => TokenSource::DataDirectory,
        }
    }
}
