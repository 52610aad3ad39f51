//! Base64 and PEM exactly as a Python node reads them, so that we accept what it accepts.

/// Why Python's `base64.b64decode` refuses a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base64Error {
    /// A character past ASCII.
    NotAscii,
    /// One character too many after groups of four: less than a byte.
    OneOver,
    /// This many padding characters are missing.
    Padding(usize),
}

/// Decodes like `base64.b64decode(text)`, which does not validate: skips characters outside the alphabet, and
/// ignores everything after the padding (`binascii.a2b_base64` in CPython).
pub(crate) fn b64decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    if text.is_ascii() { a2b(text.as_bytes()) } else { Err(Base64Error::NotAscii) }
}

/// Decodes bytes. Those beyond ASCII are outside the alphabet, too.
pub(crate) fn a2b(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut position, mut pads, mut left) = (0_usize, 0_usize, 0_u8);
    for &symbol in text {
        if symbol == b'=' {
            pads += usize::from(position >= 2);
            if position >= 2 && position + pads >= 4 {
                return Ok(bytes);
            }
            continue;
        }
        let Some(value) = value(symbol) else { continue };
        pads = 0;
        match position {
            0 => {}
            1 => bytes.push(left << 2 | value >> 4),
            2 => bytes.push(left << 4 | value >> 2),
            _ => bytes.push(left << 6 | value),
        }
        left = value;
        position = (position + 1) % 4;
    }
    match position {
        0 => Ok(bytes),
        1 => Err(Base64Error::OneOver),
        position => Err(Base64Error::Padding(4 - position)),
    }
}

fn value(symbol: u8) -> Option<u8> {
    match symbol {
        b'A'..=b'Z' => Some(symbol - b'A'),
        b'a'..=b'z' => Some(symbol - b'a' + 26),
        b'0'..=b'9' => Some(symbol - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Decodes a PEM block like PyCryptodome, which ignores the label: the text is one block of base64 in lines of any
/// width, with nothing before it and only white space after it.
pub(crate) fn pem(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii_end().strip_prefix(b"-----BEGIN ")?;
    let length = text.windows(5).position(|window| window == b"-----")?;
    let (label, rest) = (&text[..length], &text[length + 5..]);
    let body = rest.strip_suffix(b"-----")?.strip_suffix(label)?.strip_suffix(b"-----END ")?;
    // The first and last line stand alone. PyCryptodome removes spaces before it splits lines.
    let breaks = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
    let is_space = |byte: &&u8| **byte == b' ';
    let (mut first, mut last) = (body.iter().skip_while(is_space), body.iter().rev().skip_while(is_space));
    if !breaks(first.next()) || !breaks(last.next()) {
        return None;
    }
    a2b(body).ok().filter(|der| !der.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are from CPython 3.11.
    #[test]
    fn base64_is_decoded_like_cpython() {
        let taken: [(&str, &[u8]); 15] = [
            ("", b""),
            ("QUJD", b"ABC"),
            ("QUI=", b"AB"),
            ("QQ==", b"A"),
            ("=", b""),
            ("QQ=\n=", b"A"),
            ("QUI=QUJD", b"AB"),
            ("QUJD====", b"ABC"),
            ("QU-JD", b"ABC"),
            ("Q_U J\nD", b"ABC"),
            ("!QUJD!", b"ABC"),
            ("QR==", b"A"),
            ("QUJ=", b"AB"),
            ("QQ=!=A", b"A"),
            ("=QUJD", b"ABC"),
        ];
        for (text, bytes) in taken {
            assert_eq!(b64decode(text).as_deref(), Ok(bytes), "{text:?}");
        }
        for (text, error) in [
            ("QUI", Base64Error::Padding(1)),
            ("QQ", Base64Error::Padding(2)),
            ("QQ=", Base64Error::Padding(2)),
            ("QQ=Q", Base64Error::Padding(1)),
            ("Q===", Base64Error::OneOver),
            ("QUJDQ===", Base64Error::OneOver),
            ("QQ==é", Base64Error::NotAscii),
        ] {
            assert_eq!(b64decode(text), Err(error), "{text:?}");
        }
    }
}
