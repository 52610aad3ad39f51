//! `node export`: writes the whole chain as JSON, like `GET /chain`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use ledger_core::Blocks;
use ledger_core::seam::{Proofs, RuleSet};
use tempfile::NamedTempFile;

use super::console;
use crate::check::check;
use crate::store::{MissingLog, Readers, Scope, StoreError, blocks, pages};
use crate::system::disk_error::plain;
use crate::telemetry::progress;

/// Bytes written at a time.
const PAGE: usize = 1 << 20;

/// Writes the chain in a directory to a new file or to standard output. A node may be using the directory. The file
/// appears complete or not at all. Checks everything but the proofs first: an export that no node would import is
/// no backup.
///
/// # Errors
///
/// What cannot be read or written, or what is wrong with the chain.
pub fn export(
    directory: &Path,
    rules: &Arc<dyn RuleSet>,
    file: Option<&Path>,
    missing_log: MissingLog,
) -> anyhow::Result<()> {
    let readers = Readers::of_existing(directory, missing_log)?;
    let with = (Scope::Blocks, Proofs::Trusted);
    let verifying = |length| progress::blocks("verifying", length);
    check(&readers, rules, with, verifying).context("the chain is not exported")?;
    let Some(file) = file else {
        if io::stdout().is_terminal() {
            console::note("note: writing the chain to the terminal; give a file, or redirect the output");
        }
        return write(&readers, &mut io::stdout().lock()).map(drop);
    };
    if file.exists() {
        bail!("{} already exists; name a new file", file.display());
    }
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: &io::Error| anyhow!("cannot write {}: {}", file.display(), plain(error));
    let mut temporary = temporary_file(parent).map_err(|error| failed(&error))?;
    let blocks = write(&readers, temporary.as_file_mut())
        .with_context(|| format!("cannot write {}", file.display()))?;
    temporary.as_file().sync_all().map_err(|error| failed(&error))?;
    temporary.persist_noclobber(file).map_err(|error| failed(&error.error))?;
    console::note(&format!("{} written to {}", Blocks(blocks), file.display()));
    Ok(())
}

/// Creates a temporary file with the umask's permissions: `GET /chain` shows the chain to everybody anyway.
fn temporary_file(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(directory)
}

fn write(readers: &Readers, out: &mut impl Write) -> anyhow::Result<u64> {
    let mut out = BufWriter::new(out);
    let mut failure = None;
    let length = readers.snapshot(|snapshot| {
        let length = blocks::length(snapshot)?;
        let bar = progress::blocks("exporting", length);
        let mut write = |bytes: &[u8]| match out.write_all(bytes) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        };
        let _ = write(b"{\"chain\": [");
        pages::read(snapshot, pages::Position::before(1), length, PAGE, |page| {
            bar.inc(page.blocks);
            write(&page.texts)
        })?;
        let _ = write(format!("], \"length\": {length}}}\n").as_bytes());
        bar.finish_and_clear();
        Ok::<_, StoreError>(length)
    })?;
    let written = failure.map_or_else(|| out.flush(), Err);
    written.map(|()| length).map_err(|error| anyhow!("{}", plain(&error)))
}

#[cfg(test)]
mod tests {
    use ledger_core::BlockHash;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{ledger, rewards, stage};

    /// An output that fails once it has taken this many bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn chain(directory: &tempfile::TempDir, blocks: usize) -> Ledger {
        let ledger = ledger(directory);
        stage(&ledger, ledger.tip(), rewards("us", blocks)).adopt().unwrap().unwrap();
        ledger
    }

    #[test]
    fn whole_chain_is_written_in_the_form_of_get_chain() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, mut out) = (chain(&directory, 3), Vec::new());
        assert_eq!(write(ledger.readers(), &mut out).unwrap(), 4);
        let text = String::from_utf8(out).unwrap();
        let tip = BlockHash::of_text(
            text.split(", {\"index\": 4")
                .nth(1)
                .map_or_else(String::new, |rest| {
                    format!("{{\"index\": 4{}", rest.strip_suffix("], \"length\": 4}\n").unwrap())
                })
                .as_str(),
        );
        assert!(text.starts_with("{\"chain\": [{\"index\": 1, "), "{text}");
        assert_eq!(tip, ledger.tip().hash);
    }

    #[test]
    fn failed_write_fails_the_export() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = chain(&directory, 99);
        for taken in [0, 10_000] {
            let failed = write(ledger.readers(), &mut Full(taken)).unwrap_err();
            assert!(failed.to_string().starts_with("the disk is full"), "after {taken} bytes: {failed}");
        }
        let few = tempfile::tempdir().unwrap();
        assert!(write(chain(&few, 1).readers(), &mut Full(0)).is_err(), "the bytes left in the buffer");
    }

    #[test]
    fn existing_file_is_not_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, file) = (chain(&directory, 1), tempfile::NamedTempFile::new().unwrap());
        let exported = export(directory.path(), ledger.rules(), Some(file.path()), MissingLog::Refused);
        assert!(exported.unwrap_err().to_string().ends_with("already exists; name a new file"));
        assert_eq!(file.as_file().metadata().unwrap().len(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn file_has_the_permissions_of_other_files() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let usual = std::fs::File::create(directory.path().join("usual")).unwrap();
        let made = temporary_file(directory.path()).unwrap();
        let mode = |file: &std::fs::File| file.metadata().unwrap().permissions().mode();
        assert_eq!(mode(made.as_file()), mode(&usual));
    }
}
