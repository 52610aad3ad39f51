//! Checks that involve more than one setting.

use super::{Settings, SettingsError};
use crate::access::OwnerRule;

/// Groups of settings that exclude each other: the data directory, the owner, the owner's token.
pub(super) const GROUPS: [&[&str]; 3] =
    [&["data-dir", "in-memory"], &["owner", "open"], &["owner-token", "owner-token-file"]];

/// Refuses two settings of one group.
pub(super) fn check(settings: &Settings) -> Result<(), SettingsError> {
    let access = &settings.access;
    if settings.in_memory && settings.data_dir.is_some() {
        return Err(SettingsError::InMemoryWithDirectory);
    }
    if access.open && access.owner == OwnerRule::Token {
        return Err(SettingsError::OpenWithToken);
    }
    if access.owner_token.is_some() && access.owner_token_file.is_some() {
        return Err(SettingsError::TwoTokens);
    }
    Ok(())
}
