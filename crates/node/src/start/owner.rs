//! The owner of a node at its start: the token, the rules, and what the log says of them.

use std::path::Path;

use crate::access::{self, OwnerRule, OwnerToken, Policy, TokenFileError};
use crate::settings::{AccessSettings, TokenSource};

/// The name of the token's file in the data directory.
pub const FILE: &str = "owner-token";

/// Looks for the token; `None` if the data directory has none yet.
///
/// # Errors
///
/// [`TokenFileError`] if there is something that is no token.
pub fn find_token(settings: &AccessSettings, directory: &Path) -> Result<Option<OwnerToken>, TokenFileError> {
    match settings.token() {
        TokenSource::Given(token) => Ok(Some(token)),
        TokenSource::File(file) => access::read_token(&file).map(Some),
        TokenSource::DataDirectory => access::find_token(&directory.join(FILE)),
    }
}

/// The rules of access. A token that was not found is made in the data directory.
///
/// # Errors
///
/// [`TokenFileError`] if it cannot be made.
pub fn policy(
    settings: &AccessSettings,
    token: Option<OwnerToken>,
    directory: &Path,
) -> Result<Policy, TokenFileError> {
    let token = token.map_or_else(|| access::create_token(&directory.join(FILE)), Ok)?;
    let AccessSettings { allowed_host, allowed_origin, .. } = settings.clone();
    Ok(Policy::new(settings.rule(), token, hint(&settings.token()), allowed_host, allowed_origin))
}

/// How the token is sent and where it is found, without a path: strangers read it.
fn hint(source: &TokenSource) -> String {
    let place = match source {
        TokenSource::DataDirectory => format!("that is in {FILE} in its data directory"),
        TokenSource::File(_) => "that is in the file named by --owner-token-file".into(),
        TokenSource::Given(_) => "that it was given in LEDGER_OWNER_TOKEN".into(),
    };
    format!(
        "\"Authorization: Bearer TOKEN\" with the token {place}; the clients take it from LEDGER_OWNER_TOKEN"
    )
}

/// Tells the log who the owner is, and where a token that was made is found.
pub fn announce(settings: &AccessSettings, directory: &Path) {
    let token = match settings.token() {
        TokenSource::DataDirectory => directory.join(FILE).display().to_string(),
        TokenSource::File(file) => file.display().to_string(),
        TokenSource::Given(_) => "LEDGER_OWNER_TOKEN".into(),
    };
    match settings.rule() {
        OwnerRule::Loopback => tracing::info!("owner: this machine, or the token in {token}"),
        OwnerRule::Token => tracing::info!("owner: the token in {token}"),
        OwnerRule::Open => {
            tracing::warn!("open: every machine may mine, show the secret and change the neighbours");
        }
    }
}
