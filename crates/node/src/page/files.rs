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

    /// The most that the page may add to the program.
    const MAX_BYTES: usize = 1 << 20;

    #[test]
    fn each_file_is_found_and_unpacks_to_its_source() {
        for file in FILES {
            let found = find(file.name).unwrap();
            let source = std::path::Path::new("page").join(file.name);
            assert_eq!(found.content().unwrap(), std::fs::read(source).unwrap(), "{}", file.name);
        }
        assert!(find("index.html").is_some());
        for name in ["", "/index.html", "../Cargo.toml", "./index.html", "index", "INDEX.HTML"] {
            assert!(find(name).is_none(), "{name}");
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
