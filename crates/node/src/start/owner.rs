//! Sets up the owner's token and the access rules, and logs them.

use std::path::Path;

use crate::access::{self, OwnerRule, OwnerToken, Policy, TokenFileError};
use crate::settings::{AccessSettings, TokenSource};

/// File name of the token in the data directory.
pub const FILE: &str = "owner-token";

/// Reads the token; none if the data directory has none yet.
///
/// # Errors
///
/// [`TokenFileError`] if the file is not a token.
pub fn find_token(settings: &AccessSettings, directory: &Path) -> Result<Option<OwnerToken>, TokenFileError> {
    match settings.token() {
        TokenSource::Given(token) => Ok(Some(token)),
        TokenSource::File(file) => access::read_token(&file).map(Some),
        TokenSource::DataDirectory => access::find_token(&directory.join(FILE)),
    }
}

/// Creates the access rules, and the token if it was not found.
///
/// # Errors
///
/// [`TokenFileError`] if the token cannot be created.
pub fn policy(
    settings: &AccessSettings,
    token: Option<OwnerToken>,
    directory: &Path,
) -> Result<Policy, TokenFileError> {
    let token = token.map_or_else(|| access::create_token(&directory.join(FILE)), Ok)?;
    let AccessSettings { allowed_host, allowed_origin, .. } = settings.clone();
    Ok(Policy::new(settings.rule(), token, hint(&settings.token()), allowed_host, allowed_origin))
}

/// How to send the token and where to find it. Names no path: strangers read it.
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

/// Logs who the owner is, and where a created token is.
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
