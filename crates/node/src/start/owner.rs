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
/// [`TokenFileError`] if the file cannot be read or holds no token.
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
        TokenSource::Given(_) => "that the node was given in LEDGER_OWNER_TOKEN".into(),
    };
    format!(
        "\"Authorization: Bearer TOKEN\" with the token {place}; the clients take it from LEDGER_OWNER_TOKEN"
    )
}

/// Logs who the owner is, and where the token is.
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser;
    use tempfile::TempDir;

    use super::*;
    use crate::cli::Cli;
    use crate::telemetry::testing::Log;

    fn settings(flags: &[&str]) -> AccessSettings {
        Cli::parse_from([&["node"], flags].concat()).flags.access
    }

    fn given() -> AccessSettings {
        AccessSettings { owner_token: Some("0123456789abcdef".parse().unwrap()), ..settings(&[]) }
    }

    /// A file with a token.
    fn file(directory: &TempDir) -> PathBuf {
        let path = directory.path().join("token");
        std::fs::write(&path, "fedcba9876543210").unwrap();
        path
    }

    #[test]
    fn token_is_read_from_where_the_settings_say() {
        let directory = tempfile::tempdir().unwrap();
        let found = |settings: &AccessSettings| find_token(settings, directory.path()).unwrap();
        assert_eq!(found(&settings(&[])), None);
        policy(&settings(&[]), None, directory.path()).unwrap();
        assert_eq!(found(&settings(&[])), Some(access::read_token(&directory.path().join(FILE)).unwrap()));
        assert_eq!(found(&given()), given().owner_token);
        let file = file(&directory);
        let named = settings(&["--owner-token-file", file.to_str().unwrap()]);
        assert_eq!(found(&named), "fedcba9876543210".parse().ok());
    }

    #[test]
    fn token_is_created_only_if_there_is_none() {
        let directory = tempfile::tempdir().unwrap();
        policy(&given(), given().owner_token, directory.path()).unwrap();
        assert!(!directory.path().join(FILE).exists());
        policy(&settings(&[]), None, directory.path()).unwrap();
        assert!(directory.path().join(FILE).exists());
    }

    #[test]
    fn strangers_are_told_where_the_token_is_without_its_path() {
        for (source, place) in [
            (TokenSource::DataDirectory, "that is in owner-token in its data directory"),
            (TokenSource::File("/secret/place".into()), "that is in the file named by --owner-token-file"),
            (given().token(), "that the node was given in LEDGER_OWNER_TOKEN"),
        ] {
            let hint = hint(&source);
            assert!(hint.contains(place) && !hint.contains("/secret"), "{hint}");
        }
    }

    #[test]
    fn owner_is_announced() {
        let (log, _guard) = Log::begin();
        let said = |settings: &AccessSettings| {
            announce(settings, Path::new("/data"));
            log.take()
        };
        for (flags, words) in [
            (&[][..], "owner: this machine, or the token in /data/owner-token"),
            (&["--owner", "token", "--owner-token-file", "/t"], "owner: the token in /t"),
            (&["--open"], "open: every machine may mine"),
        ] {
            let said = said(&settings(flags));
            assert!(said.contains(words), "{said}");
        }
        assert!(said(&given()).contains("the token in LEDGER_OWNER_TOKEN"));
    }
}
