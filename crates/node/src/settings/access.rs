//! Who may ask what: the settings of the owner, and of names and pages that are known.

use std::path::PathBuf;

use super::values::owner;
use crate::access::{HostName, Origin, OwnerRule, OwnerToken};

/// Who may ask what: a part of the settings.
#[derive(clap::Args, Clone, Debug, PartialEq)]
pub struct AccessSettings {
    /// Who may mine, show the secret, change the neighbours and resolve without the token: loopback, which is this
    /// machine, or token, which is nobody, for a node behind a proxy
    #[arg(long, value_name = "WHO", value_parser = owner, default_value = "loopback")]
    pub owner: OwnerRule,

    /// Answer the owner's requests to every machine, for a classroom
    #[arg(long)]
    pub open: bool,

    /// The owner's token itself. No flag and in no file: others can read those.
    #[arg(skip)]
    pub owner_token: Option<OwnerToken>,

    /// Owner's token, a file you have [default: owner-token in the data directory, made on first start]
    #[arg(long, value_name = "FILE")]
    pub owner_token_file: Option<PathBuf>,

    /// Name of this node beside localhost, as clients write it; may be given again
    #[arg(long, value_name = "NAME")]
    pub allowed_host: Vec<HostName>,

    /// Origin of web pages that may read, and submit payments, such as `https://page.example`; may be given again
    #[arg(long, value_name = "ORIGIN")]
    pub allowed_origin: Vec<Origin>,
}

/// Where the owner's token comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenSource {
    /// A file in the data directory, made on first start.
    DataDirectory,
    /// A file that is there.
    File(PathBuf),
    /// The environment.
    Given(OwnerToken),
}

impl AccessSettings {
    /// Who is the owner without the token.
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
