//! Embeds the page: compresses each file in `page/`, and writes the table that `src/page/files.rs` includes.
//!
//! HTML documents link to the page's files below a hash of all of them, so that a browser may cache these files for ever.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=page");
    let folder = Path::new("page");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    let mut names: Vec<String> = paths.iter().map(|path| name(folder, path)).collect();
    // The table is searched by name, with a binary search.
    names.sort();
    let contents = names.iter().map(|name| fs::read(folder.join(name))).collect::<io::Result<Vec<_>>>()?;
    let version = tag(&contents.concat());
    let mut table = String::from("&[\n");
    for (number, (name, content)) in names.iter().zip(contents).enumerate() {
        let content = if name.ends_with(".html") { versioned(&content, &version) } else { content };
        // Relative to the table, so that the target folder may be moved.
        let packed = format!("{number}.gz");
        fs::write(out.join(&packed), compress(&content)?)?;
        writeln!(
            table,
            "File {{ name: {name:?}, kind: {:?}, tag: {:?}, packed: include_bytes!({packed:?}) }},",
            kind(name)?,
            tag(&content),
        )
        .expect("writing to a string never fails");
    }
    println!("cargo::rustc-env=PAGE_VERSION={version}");
    fs::write(out.join("page.rs"), table + "]\n")
}

/// Adds the version to a document's links to the page's files.
fn versioned(document: &[u8], version: &str) -> Vec<u8> {
    String::from_utf8_lossy(document).replace("\"/page/", &format!("\"/page/{version}/")).into_bytes()
}

/// Collects the files below a folder, except hidden ones.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        match (is_hidden, path.is_dir()) {
            (true, _) => {}
            (false, true) => collect(&path, paths)?,
            (false, false) => paths.push(path),
        }
    }
    Ok(())
}

/// The name in a URL: relative, with slashes.
fn name(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).expect("the path was found in the folder");
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn kind(name: &str) -> io::Result<&'static str> {
    let file = Path::new(name);
    Ok(match file.extension().map(|extension| extension.to_string_lossy()).as_deref() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        // Licences have no extension.
        Some("txt" | "md") | None => "text/plain; charset=utf-8",
        _ => return Err(io::Error::other(format!("page/{name}: add the type of its content to build.rs"))),
    })
}

/// A short hash. A collision would only leave a browser with an old file.
fn tag(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{:016x}", hasher.finish())
}

fn compress(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content)?;
    packer.finish()
}
