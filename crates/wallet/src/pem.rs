//! The armour of `-----BEGIN ...-----` lines around keys (RFC 7468).

use rsa::pkcs8::der::pem::{Decoder, Error};
use zeroize::Zeroizing;

/// A PEM block taken apart.
pub(crate) struct Pem<'a> {
    /// What the block says it holds, for example `RSA PRIVATE KEY`.
    pub(crate) label: &'a str,
    /// What it holds. Erased on drop, as it may be a private key.
    pub(crate) der: Zeroizing<Vec<u8>>,
}

impl<'a> Pem<'a> {
    /// Takes apart a text that is one PEM block; lines may be of any one width, and end in LF or CRLF.
    ///
    /// # Errors
    ///
    /// When the text is no such block, or is cut short.
    pub(crate) fn decode(text: &'a str) -> Result<Self, Error> {
        if !text.starts_with("-----BEGIN ") {
            return Err(Error::PreEncapsulationBoundary);
        }
        let mut decoder = Decoder::new_detect_wrap(text.trim_end().as_bytes())?;
        let label = decoder.type_label();
        let mut der = Zeroizing::new(vec![0; decoder.remaining_len()]);
        decoder.decode(&mut der)?;
        Ok(Self { label, der })
    }
}
