//! Recognises common data that is not JSON, by its first bytes.

/// Data that people mistake for JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Looks {
    /// gzip.
    #[error("gzip data; unpack it first, as with gunzip -c")]
    Gzip,
    /// A zip archive.
    #[error("a zip archive; unpack it first")]
    Zip,
    /// xz.
    #[error("xz data; unpack it first, as with xz -dc")]
    Xz,
    /// Zstandard.
    #[error("zstd data; unpack it first, as with zstd -dc")]
    Zstd,
    /// bzip2.
    #[error("bzip2 data; unpack it first, as with bzip2 -dc")]
    Bzip2,
    /// A database.
    #[error(
        "an SQLite database, such as a ledger.db; \"node export FILE --data-dir DIRECTORY\" writes its chain as JSON"
    )]
    Sqlite,
    /// HTML or XML.
    #[error("a web page or XML; is the address that of a ledger node's /chain?")]
    WebPage,
    /// An HTTP response with its head.
    #[error("an HTTP response with its headers; run curl without -i")]
    HttpHead,
    /// PEM.
    #[error("a PEM file, such as a wallet's key")]
    Pem,
    /// RTF.
    #[error("a text with formatting (RTF); save it as plain text")]
    Rtf,
    /// PDF.
    #[error("a PDF document")]
    Pdf,
    /// A terminal's control sequences.
    #[error("the coloured output of a terminal; write it to a file without colours, as jq -M does")]
    Coloured,
    /// The box that our clients print.
    #[error("the box that the clients print on standard error; save standard output alone, without 2>&1")]
    Box,
    /// A list.
    #[error("a list; a chain is an object, as {{\"chain\": […], \"length\": 3}}")]
    List,
    /// Python's `repr`.
    #[error("single quotes, as Python's print writes them; json.dumps writes JSON")]
    SingleQuotes,
}

impl Looks {
    /// Number of bytes that [`of`](Self::of) needs at most.
    pub const LOOKS_AT: usize = 64;

    /// Recognises data by its first bytes.
    pub fn of(begin: &[u8]) -> Option<Self> {
        let text = begin.trim_ascii_start();
        Some(match text {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [b'P', b'K', 3..=8, 4..=9, ..] => Self::Zip,
            [0xfd, b'7', b'z', b'X', b'Z', ..] => Self::Xz,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            [b'<', ..] => Self::WebPage,
            [b'[', ..] => Self::List,
            [0x1b, b'[', ..] => Self::Coloured,
            _ if text.starts_with(b"SQLite format 3") => Self::Sqlite,
            _ if text.starts_with(b"HTTP/") => Self::HttpHead,
            _ if text.starts_with(b"-----BEGIN ") => Self::Pem,
            _ if text.starts_with(b"{\\rtf") => Self::Rtf,
            _ if text.starts_with(b"%PDF-") => Self::Pdf,
            _ if text.starts_with(b"+----") => Self::Box,
            [b'{', rest @ ..] if rest.trim_ascii_start().starts_with(b"'") => Self::SingleQuotes,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_mistakes_are_recognised() {
        for (begin, looks) in [
            (&b"\x1f\x8b\x08"[..], Looks::Gzip),
            (b"PK\x03\x04", Looks::Zip),
            (b"\xfd7zXZ\0", Looks::Xz),
            (b"\x28\xb5\x2f\xfd", Looks::Zstd),
            (b"BZh9", Looks::Bzip2),
            (b"%PDF-1.7", Looks::Pdf),
            (b"SQLite format 3\0", Looks::Sqlite),
            (b"\n<!DOCTYPE html>", Looks::WebPage),
            (b"HTTP/1.1 200 OK\r\n", Looks::HttpHead),
            (b"-----BEGIN RSA PRIVATE KEY-----", Looks::Pem),
            (b"{\\rtf1\\ansi", Looks::Rtf),
            (b"\x1b[1;39m{", Looks::Coloured),
            (b"+--------+---", Looks::Box),
            (b"[{\"index\": 1", Looks::List),
            (b"{'chain': [", Looks::SingleQuotes),
        ] {
            assert_eq!(Looks::of(begin), Some(looks));
        }
        for json in [&b""[..], b" \r\n\t", b"{\"chain\": [", b"{}", b"garbage", b"\xef\xbb\xbf{"] {
            assert_eq!(Looks::of(json), None);
        }
    }
}
