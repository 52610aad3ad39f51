//! How an answer's body is packed (RFC 9110, section 8.4), and unpacking it piece by piece.

use std::io::{self, Write};

use awc::http::header::{CONTENT_ENCODING, HeaderMap};
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ledger_core::Printable;

/// Bytes that are unpacked together. They become 1,032 times as many at the most, so less than 300 KiB.
const SLICE: usize = 256;

/// What a request says it reads.
pub(super) const ACCEPTED: &str = "gzip, deflate";

/// Why a body cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum CodingError {
    /// It is packed in a way that is not read.
    #[error("its answer has the Content-Encoding {}; a node reads {ACCEPTED}", Printable::foreign(.0))]
    Unknown(String),
    /// It is not packed as its head says.
    #[error("its answer is not packed as its Content-Encoding says: {}", Printable::foreign(.0))]
    Unpack(io::Error),
}

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::peers) enum Coding {
    /// Not packed.
    Identity,
    Gzip,
    /// The zlib format; some servers leave out its frame.
    Deflate,
}

impl Coding {
    /// The coding that an answer's head names.
    ///
    /// # Errors
    ///
    /// [`CodingError::Unknown`] for one that is not read, and for several.
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

/// Unpacks a body piece by piece.
pub(in crate::peers) enum Unpack {
    Plain,
    Gzip(MultiGzDecoder<Vec<u8>>),
    /// What is packed with deflate, before its first byte.
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

    /// Takes the next bytes, and hands on what they unpack to, in pieces of bounded length.
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

    /// Hands on what is left.
    ///
    /// # Errors
    ///
    /// As [`feed`](Self::feed); also if a packed body is not complete.
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

    /// Unpacks bytes. What comes behind the end of a packed body is passed over, as other clients do.
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

/// Whether this byte begins the zlib format (RFC 1950): method 8 with a window of up to 32 KiB. As the first byte of bare
/// deflate blocks it would begin one that is not packed, with padding that is not zero.
fn is_zlib(first: u8) -> bool {
    first & 0xf == 8 && first >> 4 <= 7
}
