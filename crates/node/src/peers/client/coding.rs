//! Content codings (RFC 9110, section 8.4): decodes a body piece by piece.

use std::io::{self, Write};

use awc::http::header::{CONTENT_ENCODING, HeaderMap};
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ledger_core::Printable;

/// Bytes decoded at a time. They expand 1,032 times at most, to less than 300 KiB.
const SLICE: usize = 256;

/// The codings that a request accepts.
pub(super) const ACCEPTED: &str = "gzip, deflate";

/// Why a body cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// An unsupported coding.
    #[error("its answer has the Content-Encoding {}; a node reads {ACCEPTED}", Printable::foreign(.0))]
    Unknown(String),
    /// Data that does not match its coding.
    #[error("its answer is not compressed as its Content-Encoding says: {}", Printable::foreign(.0))]
    Unpack(io::Error),
}

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::peers) enum Coding {
    /// Not encoded.
    Identity,
    Gzip,
    /// The zlib format; some servers send bare deflate blocks.
    Deflate,
}

impl Coding {
    /// The coding that a response's headers name.
    ///
    /// # Errors
    ///
    /// [`CodingError::Unknown`] for an unsupported coding, and for several.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, CodingError> {
        let values = headers.get_all(CONTENT_ENCODING);
        let all: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        let all = all.join(", ").to_ascii_lowercase();
        let mut named = all.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity"));
        match (named.next(), named.next()) {
            (None, _) => Ok(Self::Identity),
            (Some("gzip" | "x-gzip"), None) => Ok(Self::Gzip),
            (Some("deflate"), None) => Ok(Self::Deflate),
            _ => Err(CodingError::Unknown(all)),
        }
    }
}

/// Decodes a body piece by piece.
pub(in crate::peers) enum Unpack {
    Plain,
    Gzip(MultiGzDecoder<Vec<u8>>),
    /// Either deflate format: the first byte tells which.
    Undecided,
    Zlib(ZlibDecoder<Vec<u8>>),
    Deflate(DeflateDecoder<Vec<u8>>),
}

impl Unpack {
    pub(in crate::peers) fn new(coding: Coding) -> Self {
        match coding {
            Coding::Identity => Self::Plain,
            Coding::Gzip => Self::Gzip(MultiGzDecoder::new(Vec::new())),
            Coding::Deflate => Self::Undecided,
        }
    }

    /// Decodes the next bytes and passes the result to `take`, in pieces of bounded length.
    ///
    /// # Errors
    ///
    /// The error of `take`, or [`CodingError::Unpack`].
    pub(in crate::peers) fn feed<E: From<CodingError>>(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if let (Self::Undecided, Some(first)) = (&*self, piece.first()) {
            *self = Self::of_deflate(*first);
        }
        if matches!(self, Self::Plain) {
            return take(piece);
        }
        for slice in piece.chunks(SLICE) {
            let unpacked = self.write(slice).map_err(CodingError::Unpack)?;
            take(&unpacked)?;
        }
        Ok(())
    }

    /// Passes on what is left.
    ///
    /// # Errors
    ///
    /// As [`feed`](Self::feed); also if an encoded body is incomplete.
    pub(in crate::peers) fn finish<E: From<CodingError>>(
        &mut self,
        take: impl FnOnce(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let finished = match self {
            Self::Gzip(packed) => packed.try_finish(),
            Self::Zlib(packed) => packed.try_finish(),
            Self::Deflate(packed) => packed.try_finish(),
            Self::Plain | Self::Undecided => Ok(()),
        };
        finished.map_err(CodingError::Unpack)?;
        take(&self.unpacked())
    }

    fn of_deflate(first: u8) -> Self {
        if is_zlib(first) {
            Self::Zlib(ZlibDecoder::new(Vec::new()))
        } else {
            Self::Deflate(DeflateDecoder::new(Vec::new()))
        }
    }

    /// Decodes bytes. Ignores anything after the end of the encoded body, as other clients do.
    fn write(&mut self, mut slice: &[u8]) -> io::Result<Vec<u8>> {
        while !slice.is_empty() {
            let taken = match self {
                Self::Gzip(packed) => packed.write(slice)?,
                Self::Zlib(packed) => packed.write(slice)?,
                Self::Deflate(packed) => packed.write(slice)?,
                Self::Plain | Self::Undecided => 0,
            };
            if taken == 0 {
                break;
            }
            slice = &slice[taken..];
        }
        Ok(self.unpacked())
    }

    fn unpacked(&mut self) -> Vec<u8> {
        match self {
            Self::Gzip(packed) => std::mem::take(packed.get_mut()),
            Self::Zlib(packed) => std::mem::take(packed.get_mut()),
            Self::Deflate(packed) => std::mem::take(packed.get_mut()),
            Self::Plain | Self::Undecided => Vec::new(),
        }
    }
}

/// Whether this byte starts the zlib format (RFC 1950): method 8 with a window of up to 32 KiB. Bare deflate blocks
/// would start like this only with an uncompressed block whose padding is not zero.
fn is_zlib(first: u8) -> bool {
    first & 0xf == 8 && first >> 4 <= 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zlib_begins_with_its_method_and_a_window_of_at_most_32_kib() {
        for (first, zlib) in [(0x78, true), (0x08, true), (0x88, false), (0x79, false), (0x00, false)] {
            assert_eq!(is_zlib(first), zlib, "{first:#x}");
        }
    }

    #[test]
    fn coding_is_read_from_the_headers() {
        let coding = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, awc::http::header::HeaderValue::from_static(value));
            }
            Coding::of(&headers)
        };
        for (values, expected) in [
            (vec![], Coding::Identity),
            (vec!["identity"], Coding::Identity),
            (vec!["GZip"], Coding::Gzip),
            (vec!["x-gzip", "identity"], Coding::Gzip),
            (vec!["deflate"], Coding::Deflate),
        ] {
            assert_eq!(coding(&values).unwrap(), expected, "{values:?}");
        }
        for values in [vec!["br"], vec!["gzip", "deflate"], vec!["deflate, gzip"]] {
            assert!(matches!(coding(&values), Err(CodingError::Unknown(_))), "{values:?}");
        }
    }

    /// Decodes a body in pieces of this length.
    fn unpacked(coding: Coding, packed: &[u8], length: usize) -> Result<Vec<u8>, CodingError> {
        let (mut unpack, mut body) = (Unpack::new(coding), Vec::new());
        let mut take = |part: &[u8]| {
            body.extend_from_slice(part);
            Ok::<_, CodingError>(())
        };
        packed.chunks(length).try_for_each(|piece| unpack.feed(piece, &mut take))?;
        unpack.finish(take)?;
        Ok(body)
    }

    /// A body of each coding.
    fn packed(body: &[u8]) -> [(Coding, Vec<u8>); 3] {
        let level = flate2::Compression::fast();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), level);
        gzip.write_all(body).unwrap();
        zlib.write_all(body).unwrap();
        bare.write_all(body).unwrap();
        [
            (Coding::Gzip, gzip.finish().unwrap()),
            (Coding::Deflate, zlib.finish().unwrap()),
            (Coding::Deflate, bare.finish().unwrap()),
        ]
    }

    #[test]
    fn packed_body_is_read_in_pieces_of_any_length() {
        let body: Vec<u8> =
            (0..100_000_u32).flat_map(|number| number.wrapping_mul(number).to_le_bytes()).collect();
        for (coding, packed) in packed(&body) {
            for length in [1, 1_000, packed.len()] {
                assert_eq!(
                    unpacked(coding, &packed, length).unwrap(),
                    body,
                    "{coding:?}, pieces of {length}"
                );
            }
            let followed = [&packed[..], b"more"].concat();
            if coding == Coding::Deflate {
                assert_eq!(unpacked(coding, &followed, 1_000).unwrap(), body, "what follows is ignored");
            }
        }
        assert_eq!(unpacked(Coding::Identity, &body, 1_000).unwrap(), body);
        assert_eq!(unpacked(Coding::Deflate, b"", 1).unwrap(), b"");
    }

    #[test]
    fn incomplete_or_damaged_body_is_refused() {
        for (coding, packed) in packed(&[7; 100_000]) {
            let cut = unpacked(coding, &packed[..packed.len() - 9], 1_000);
            assert!(matches!(cut, Err(CodingError::Unpack(_))), "{coding:?}");
        }
        let garbage = unpacked(Coding::Gzip, b"no gzip at all", 1_000);
        assert!(matches!(garbage, Err(CodingError::Unpack(_))));
    }

    #[test]
    fn pieces_that_are_passed_on_are_bounded() {
        let mut largest = 0;
        for (coding, packed) in packed(&vec![0; 10 << 20]) {
            let mut unpack = Unpack::new(coding);
            let fed = unpack.feed(&packed, |part: &[u8]| {
                largest = largest.max(part.len());
                Ok::<_, CodingError>(())
            });
            fed.unwrap();
        }
        assert!(largest < 512 << 10, "{largest}");
    }
}
