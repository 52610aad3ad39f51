//! Decodes any encoding that Python's `json.loads` reads, to UTF-8, piece by piece.

use bytes::Bytes;
use encoding_rs::{DecoderResult, UTF_16BE, UTF_16LE};

use super::Encoding;

/// Bytes of UTF-8 passed on at a time.
const BUFFER: usize = 16 << 10;

/// Bytes that do not match the detected encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset} is not {encoding}, although the first bytes look like it")]
pub struct TextError {
    /// The detected encoding.
    pub encoding: Encoding,
    /// Offset of the bytes, from 0.
    pub offset: u64,
}

/// Decodes a text as it arrives. Passes UTF-8 on unchanged and unchecked, without its byte order mark.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// Bytes taken so far.
    offset: u64,
}

enum State {
    /// Too few bytes to detect the encoding.
    Begin(Vec<u8>),
    Utf8,
    Utf16(encoding_rs::Decoder, Encoding),
    /// With the bytes of an incomplete character.
    Utf32(Vec<u8>, Encoding),
}

impl Default for State {
    fn default() -> Self {
        Self::Begin(Vec::new())
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Begin(_) => "Begin",
            Self::Utf8 => "Utf8",
            Self::Utf16(..) => "Utf16",
            Self::Utf32(..) => "Utf32",
        })
    }
}

impl Decoder {
    /// Decodes the next bytes and passes the UTF-8 to `take`.
    ///
    /// # Errors
    ///
    /// [`TextError`], or the error of `take`. The decoder is unusable afterwards.
    pub fn feed<E: From<TextError>>(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if let State::Utf8 = self.state {
            return take(piece);
        }
        let State::Begin(begin) = &mut self.state else { return self.decode(piece, false, &mut take) };
        begin.extend_from_slice(piece);
        if begin.len() < Encoding::LOOKS_AT {
            return Ok(());
        }
        self.begin(false, &mut take)
    }

    /// Ends the text.
    ///
    /// # Errors
    ///
    /// As [`feed`](Self::feed); also if a character is incomplete.
    pub fn finish<E: From<TextError>>(
        mut self,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.state {
            State::Begin(_) => self.begin(true, &mut take),
            _ => self.decode(&[], true, &mut take),
        }
    }

    /// Detects the encoding, then decodes the bytes it was detected from.
    fn begin<E: From<TextError>>(
        &mut self,
        last: bool,
        take: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let State::Begin(begin) = std::mem::replace(&mut self.state, State::Utf8) else { return Ok(()) };
        let (encoding, mark) = Encoding::detect(&begin);
        self.offset = mark as u64;
        self.state = match encoding {
            Encoding::Utf8 => State::Utf8,
            Encoding::Utf16Le => State::Utf16(UTF_16LE.new_decoder_without_bom_handling(), encoding),
            Encoding::Utf16Be => State::Utf16(UTF_16BE.new_decoder_without_bom_handling(), encoding),
            Encoding::Utf32Le | Encoding::Utf32Be => State::Utf32(Vec::new(), encoding),
        };
        self.decode(&begin[mark..], last, take)
    }

    fn decode<E: From<TextError>>(
        &mut self,
        piece: &[u8],
        last: bool,
        take: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let offset = self.offset;
        self.offset += piece.len() as u64;
        match &mut self.state {
            State::Utf16(decoder, encoding) => utf16(decoder, *encoding, offset, piece, last, take),
            State::Utf32(rest, encoding) => utf32(rest, *encoding, offset, piece, last, take),
            State::Utf8 | State::Begin(_) => take(piece),
        }
    }
}

fn utf16<E: From<TextError>>(
    decoder: &mut encoding_rs::Decoder,
    encoding: Encoding,
    offset: u64,
    piece: &[u8],
    last: bool,
    take: &mut impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let (mut text, mut read) = (vec![0; BUFFER], 0);
    loop {
        let (result, taken, written) =
            decoder.decode_to_utf8_without_replacement(&piece[read..], &mut text, last);
        read += taken;
        take(&text[..written])?;
        match result {
            DecoderResult::InputEmpty => return Ok(()),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let end = (offset + read as u64).saturating_sub(after.into());
                return Err(TextError { encoding, offset: end.saturating_sub(length.into()) }.into());
            }
        }
    }
}

fn utf32<E: From<TextError>>(
    rest: &mut Vec<u8>,
    encoding: Encoding,
    offset: u64,
    piece: &[u8],
    last: bool,
    take: &mut impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let begin = offset - rest.len() as u64;
    rest.extend_from_slice(piece);
    let error = |at: usize| TextError { encoding, offset: begin + at as u64 };
    let (characters, left) = rest.as_chunks::<4>();
    for (place, part) in characters.chunks(BUFFER / 4).enumerate() {
        let mut text = String::with_capacity(BUFFER);
        for (at, bytes) in part.iter().enumerate() {
            let point = match encoding {
                Encoding::Utf32Be => u32::from_be_bytes(*bytes),
                _ => u32::from_le_bytes(*bytes),
            };
            let at = place * BUFFER + at * 4;
            text.push(char::from_u32(point).ok_or_else(|| error(at))?);
        }
        take(text.as_bytes())?;
    }
    if last && !left.is_empty() {
        return Err(error(rest.len() - left.len()).into());
    }
    *rest = left.to_vec();
    Ok(())
}

/// Decodes a whole text to UTF-8. A UTF-8 text is neither copied nor checked.
///
/// # Errors
///
/// [`TextError`].
///
/// # Examples
///
/// ```
/// use bytes::Bytes;
///
/// let utf16 = Bytes::from_static(b"\xff\xfe{\0}\0");
/// assert_eq!(node::text::to_utf8(utf16)?, "{}");
/// # Ok::<(), node::text::TextError>(())
/// ```
pub fn to_utf8(text: Bytes) -> Result<Bytes, TextError> {
    if let (Encoding::Utf8, mark) = Encoding::detect(&text[..text.len().min(Encoding::LOOKS_AT)]) {
        return Ok(text.slice(mark..));
    }
    let (mut decoder, mut utf8) = (Decoder::default(), Vec::with_capacity(text.len()));
    let mut take = |part: &[u8]| {
        utf8.extend_from_slice(part);
        Ok::<(), TextError>(())
    };
    decoder.feed(&text, &mut take)?;
    decoder.finish(&mut take)?;
    Ok(utf8.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &[u8]) -> Result<String, TextError> {
        to_utf8(text.to_vec().into()).map(|text| String::from_utf8(text.to_vec()).unwrap())
    }

    /// Decodes in pieces of this length.
    fn in_pieces(text: &[u8], length: usize) -> Result<String, TextError> {
        let (mut decoder, mut utf8) = (Decoder::default(), Vec::new());
        let mut take = |part: &[u8]| {
            utf8.extend_from_slice(part);
            Ok::<(), TextError>(())
        };
        text.chunks(length).try_for_each(|piece| decoder.feed(piece, &mut take))?;
        decoder.finish(&mut take)?;
        Ok(String::from_utf8(utf8).unwrap())
    }

    fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn utf32(text: &str, bytes: impl Fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|character| bytes(character.into())).collect()
    }

    /// Every encoding of a text that Python's `json.loads` detects.
    fn written(text: &str) -> Vec<Vec<u8>> {
        let marked = format!("\u{feff}{text}");
        [text, &marked]
            .iter()
            .flat_map(|text| {
                [
                    text.as_bytes().to_vec(),
                    utf16(text, u16::to_le_bytes),
                    utf16(text, u16::to_be_bytes),
                    utf32(text, u32::to_le_bytes),
                    utf32(text, u32::to_be_bytes),
                ]
            })
            .collect()
    }

    #[test]
    fn every_encoding_is_read_in_pieces_of_any_length() {
        for text in ["{}", "{\"a\": \"Zoë 日本 🙂\"}", " [1]", &"{\"long\": \"ë🙂\"}".repeat(5_000)] {
            for bytes in written(text) {
                assert_eq!(whole(&bytes).as_deref(), Ok(text));
                for length in [1, 2, 3, 5, 1_000] {
                    assert_eq!(in_pieces(&bytes, length).as_deref(), Ok(text), "pieces of {length}");
                }
            }
        }
    }

    #[test]
    fn short_texts_are_detected_as_by_python() {
        for text in ["", "5", "{}", "[ ]"] {
            assert_eq!(in_pieces(text.as_bytes(), 1).as_deref(), Ok(text));
        }
        assert_eq!(whole(b"5\0").as_deref(), Ok("5"));
        assert_eq!(whole(&[0, b'5']).as_deref(), Ok("5"));
    }

    #[test]
    fn broken_characters_are_reported_with_their_offset() {
        let half = [b"{\0\"\0".as_slice(), &[0x00, 0xd8], b"\"\0}\0"].concat();
        let error = |encoding, offset| Err(TextError { encoding, offset });
        for length in [1, 2, 3, 100] {
            assert_eq!(in_pieces(&half, length), error(Encoding::Utf16Le, 4), "pieces of {length}");
            assert_eq!(in_pieces(b"{\0}\0x", length), error(Encoding::Utf16Le, 4));
            assert_eq!(in_pieces(b"{\0\0\0\0\0\x11\0", length), error(Encoding::Utf32Le, 4));
            assert_eq!(in_pieces(b"\0\0\0{\0\0", length), error(Encoding::Utf32Be, 4));
        }
    }

    #[test]
    fn utf8_is_not_copied() {
        let text = Bytes::from_static(b"{\"sender\": \"0\"}");
        assert_eq!(to_utf8(text.clone()).unwrap().as_ptr(), text.as_ptr());
    }
}
