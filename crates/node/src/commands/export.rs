//! `node export`: writes the whole chain as JSON, like `GET /chain`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use ledger_core::Blocks;
use ledger_core::seam::{Proofs, RuleSet};
use tempfile::NamedTempFile;

use super::console;
use crate::check::check;
use crate::store::{MissingLog, Readers, Scope, StoreError, blocks, pages};
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
    let failed = || format!("cannot write {}", file.display());
    let mut temporary = temporary_file(parent).with_context(failed)?;
    let blocks = write(&readers, temporary.as_file_mut()).with_context(failed)?;
    temporary.as_file().sync_all().with_context(failed)?;
    temporary.persist_noclobber(file).map_err(|error| error.error).with_context(failed)?;
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
    match failure {
        Some(error) => Err(error.into()),
        None => out.flush().map(|()| length).map_err(Into::into),
    }
}
