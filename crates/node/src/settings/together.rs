//! What cannot be said of one setting alone.

use super::{Settings, SettingsError};
use crate::access::OwnerRule;

/// Flags that answer one question: where the ledger is kept, who is the owner, what is the owner's token.
pub(super) const GROUPS: [&[&str]; 3] =
    [&["data-dir", "in-memory"], &["owner", "open"], &["owner-token", "owner-token-file"]];

/// Refuses two answers to one question.
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
