//! Who may ask what: the settings of the owner, and of names and pages that are known.

use std::path::PathBuf;

use super::{Layer, SettingsError};
use crate::access::{HostName, Origin, OwnerRule, OwnerToken};

/// Who may ask what.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessSettings {
    /// Who is the owner without the token.
    pub owner: OwnerRule,
    /// Where the token comes from.
    pub token: TokenSource,
    /// The names of the node beside `localhost`.
    pub allowed_hosts: Vec<HostName>,
    /// The origins of pages that may ask and see the answers.
    pub allowed_origins: Vec<Origin>,
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
    pub(super) fn take(layer: &mut Layer) -> Result<Self, SettingsError> {
        let owner = match (layer.open.unwrap_or(false), layer.owner) {
            (true, Some(OwnerRule::Token)) => return Err(SettingsError::OpenWithToken),
            (true, _) => OwnerRule::Open,
            (false, owner) => owner.unwrap_or_default(),
        };
        let token = match (layer.owner_token.take(), layer.owner_token_file.take()) {
            (Some(_), Some(_)) => return Err(SettingsError::TwoTokens),
            (Some(token), None) => TokenSource::Given(token),
            (None, Some(file)) => TokenSource::File(file),
            (None, None) => TokenSource::DataDirectory,
        };
        Ok(Self {
            owner,
            token,
            allowed_hosts: layer.allowed_host.take().unwrap_or_default(),
            allowed_origins: layer.allowed_origin.take().unwrap_or_default(),
        })
    }
}
