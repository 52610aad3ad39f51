//! The page's files.

use std::io::{self, Read};

use flate2::read::GzDecoder;

/// A file of the page. The program holds only its compressed content.
#[derive(Debug)]
pub struct File {
    /// Its path in the folder `page`, with slashes.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// A hash of its content.
    pub tag: &'static str,
    /// Its content, compressed as gzip.
    pub packed: &'static [u8],
}

/// All files, sorted by name. The build script writes this table.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// A hash of all files, in hexadecimal. Documents name the files that they load below it: `/page/VERSION/app/main.js`.
const VERSION: &str = env!("PAGE_VERSION");

/// Removes the version that a path may begin with. Returns the file's name, and whether the version is this program's. A page
/// that another version of the node has sent may still load some of its files.
pub fn without_version(path: &str) -> (&str, bool) {
    let is_version =
        |part: &str| part.len() == VERSION.len() && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    match path.split_once('/') {
        Some((version, name)) if is_version(version) => (name, version == VERSION),
        _ => (path, false),
    }
}

/// Finds a file by its name.
pub fn find(name: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.name.cmp(name)).ok().map(|position| &FILES[position])
}

impl File {
    /// Its content, unpacked.
    ///
    /// # Errors
    ///
    /// An error of the decoder. The build script compressed the content, so none occurs.
    pub fn content(&self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        GzDecoder::new(self.packed).read_to_end(&mut content)?;
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most bytes that the page may add to the program.
    const MAX_BYTES: usize = 1 << 20;

    #[test]
    fn each_file_is_found_and_unpacks_to_its_source() {
        for file in FILES {
            let found = find(file.name).unwrap();
            let source = std::path::Path::new("page").join(file.name);
            let mut content = found.content().unwrap();
            if file.name.ends_with(".html") {
                let text = String::from_utf8(content).unwrap();
                content = text.replace(&format!("/page/{VERSION}/"), "/page/").into_bytes();
            }
            assert_eq!(content, std::fs::read(source).unwrap(), "{}", file.name);
        }
        assert!(find("index.html").is_some());
        for name in ["", "/index.html", "../Cargo.toml", "./index.html", "index", "INDEX.HTML"] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn documents_load_files_of_their_version() {
        for file in FILES.iter().filter(|file| file.name.ends_with(".html")) {
            let text = String::from_utf8(file.content().unwrap()).unwrap();
            let loaded: Vec<&str> = text.split('"').filter_map(|text| text.strip_prefix("/page/")).collect();
            assert!(!loaded.is_empty(), "{}", file.name);
            for path in loaded {
                let (name, is_current) = without_version(path);
                assert!(is_current && find(name).is_some(), "{}: {path}", file.name);
            }
        }
    }

    #[test]
    fn only_a_version_is_taken_off_a_path() {
        let other = "0123456789abcdef";
        for (path, name, is_current) in [
            (format!("{VERSION}/app/main.js"), "app/main.js", true),
            (format!("{other}/app/main.js"), "app/main.js", false),
            ("app/main.js".into(), "app/main.js", false),
            (format!("{VERSION}0/app/main.js"), &*format!("{VERSION}0/app/main.js"), false),
            (VERSION.into(), VERSION, false),
            (format!("{VERSION}/{VERSION}/icon.svg"), &*format!("{VERSION}/icon.svg"), true),
        ] {
            assert_eq!(without_version(&path), (name, is_current), "{path}");
        }
    }

    #[test]
    fn page_adds_at_most_a_mebibyte_to_the_program() {
        let bytes: usize = FILES.iter().map(|file| file.packed.len()).sum();
        assert!(bytes <= MAX_BYTES, "{bytes} bytes");
    }

    #[test]
    fn documents_hold_no_inline_script_or_style() {
        for file in FILES.iter().filter(|file| file.name.ends_with(".html")) {
            let content = String::from_utf8(file.content().unwrap()).unwrap();
            for forbidden in ["<style", " style=", "javascript:", " onclick=", " onload="] {
                assert!(!content.contains(forbidden), "{}: {forbidden}", file.name);
            }
            let mut scripts = content.split("<script").skip(1);
            assert!(
                scripts.all(|script| script.split('>').next().unwrap().contains(" src=")),
                "{}",
                file.name
            );
        }
    }
}
