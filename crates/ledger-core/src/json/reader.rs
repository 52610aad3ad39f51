//! The tokens of JSON: white space, strings, numbers and punctuation.

use std::borrow::Cow;

use super::error::JsonError;
use super::scan::Scan;
use super::string::RawString;
use crate::python;

/// Maximum bytes of a text. Its canonical form, at most six times as long, then fits 32 bits.
const MAX_LENGTH: usize = u32::MAX as usize / 6;

/// The rest of a JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Maximum bytes of a value's canonical text.
    limit: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of these bytes.
    pub(crate) fn new(json: &'a [u8]) -> Result<Self, JsonError> {
        if json.len() > MAX_LENGTH {
            return Err(JsonError { offset: MAX_LENGTH, expected: "the end: the text is too long" });
        }
        match std::str::from_utf8(json) {
            Ok(text) => Ok(Self { text, at: 0, limit: usize::MAX }),
            Err(error) => Err(JsonError { offset: error.valid_up_to(), expected: "UTF-8" }),
        }
    }

    /// Refuses values with a longer canonical text: a byte of JSON may become an escape of six.
    pub(crate) fn within(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Maximum bytes of a value's canonical text.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The next byte that is not white space. JSON has four such characters.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += space;
        rest.get(space).copied()
    }

    /// Consumes this byte if it comes next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Consumes this byte, which must come next.
    pub(crate) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.eat(byte) { Ok(()) } else { Err(self.expected(expected)) }
    }

    /// Consumes a word if it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// The current position, for [`Reader::go_back`].
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    /// Continues at an earlier position.
    pub(crate) fn go_back(&mut self, place: usize) {
        self.at = place;
    }

    /// Reads an object. Calls back with each member's name; the callback must consume the value.
    pub(crate) fn object<E: From<JsonError>>(
        &mut self,
        mut member: impl FnMut(&mut Self, RawString<'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'{', "an object")?;
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let name = self.name()?;
            member(self, name)?;
            if !self.eat(b',') {
                return Ok(self.expect(b'}', "a comma or the end of the object")?);
            }
        }
    }

    /// Reads a list. Calls back at each element, which the callback must consume.
    pub(crate) fn list<E: From<JsonError>>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'[', "a list")?;
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if !self.eat(b',') {
                return Ok(self.expect(b']', "a comma or the end of the list")?);
            }
        }
    }

    /// Reads the name of a member and the colon.
    pub(super) fn name(&mut self) -> Result<RawString<'a>, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("the name of a member"));
        }
        let name = self.string()?;
        self.expect(b':', "a colon")?;
        Ok(name)
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Result<RawString<'a>, JsonError> {
        self.expect(b'"', "a text")?;
        let begin = self.at;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += python::first_special(rest).unwrap_or(rest.len());
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(0x7f..) => self.at += self.rest().bytes().take_while(|byte| *byte >= 0x7f).count(),
                Some(_) => return Err(self.expected("no control character in a text")),
                None => return Err(self.expected("the end of a text")),
            }
        }
        self.at += 1;
        Ok(RawString::checked(&self.text[begin..self.at - 1]))
    }

    /// Reads the next value if it is a string without half a surrogate pair. Otherwise the reader does not move.
    pub(crate) fn text_if_any(&mut self) -> Result<Option<Cow<'a, str>>, JsonError> {
        if self.peek() != Some(b'"') {
            return Ok(None);
        }
        let place = self.place();
        let text = self.string()?.to_text();
        if text.is_none() {
            self.go_back(place);
        }
        Ok(text)
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        let length = match self.rest().as_bytes() {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [_, b'u', digits @ ..]
                if digits.iter().take(4).filter(|byte| byte.is_ascii_hexdigit()).count() == 4 =>
            {
                6
            }
            _ => return Err(self.expected("an escape that JSON knows")),
        };
        self.at += length;
        Ok(())
    }

    /// Reads a number that JSON has: not `NaN` or an infinity.
    pub(crate) fn number(&mut self) -> Result<&'a str, JsonError> {
        self.peek();
        let rest = self.rest();
        let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
        let mut end = usize::from(rest.starts_with('-'));
        match digits(end) {
            0 => return Err(self.expected("a number")),
            count => end += if rest[end..].starts_with('0') { 1 } else { count },
        }
        if rest[end..].starts_with('.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            let exponent = digits(end + 1 + sign);
            end += if exponent > 0 { 1 + sign + exponent } else { 0 };
        }
        self.at += end;
        Ok(&rest[..end])
    }

    /// Consumes the next value inside a well-formed list or object, and returns its text.
    pub(crate) fn take(&mut self) -> Result<&'a str, JsonError> {
        self.peek();
        let rest = self.rest();
        let end = Scan::default().end_of_value(rest.as_bytes());
        let end = end.ok_or_else(|| self.expected("the end of a list or an object"))?;
        self.at += end;
        Ok(&rest[..end])
    }

    /// Checks that only white space is left.
    pub(crate) fn end(&mut self) -> Result<(), JsonError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// An error at the next byte.
    pub(crate) fn expected(&self, expected: &'static str) -> JsonError {
        JsonError { offset: self.at, expected }
    }

    /// The rest of the text.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

/// Reads a value that makes up the whole text.
pub(crate) fn whole<'a, T, E: From<JsonError>>(
    json: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, E>,
) -> Result<T, E> {
    let mut reader = Reader::new(json)?;
    let value = read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Result<String, JsonError> {
        whole(json.as_bytes(), |reader| reader.string().map(|text| text.raw().to_owned()))
    }

    fn number(json: &str) -> Result<String, JsonError> {
        whole(json.as_bytes(), |reader| reader.number().map(str::to_owned))
    }

    #[test]
    fn text_of_715_megabytes_is_refused_unread() {
        // The zeros are never read, so they take no memory.
        let longest = 715_827_882;
        let refused = Reader::new(&vec![0; longest + 1]).map(drop);
        let expected = "the end: the text is too long";
        assert_eq!(refused, Err(JsonError { offset: longest, expected }));
    }

    #[test]
    fn escape_has_four_hex_digits() {
        assert_eq!(text(r#""\u00eF""#).as_deref(), Ok(r"\u00eF"));
        for wrong in [r#""\u00e""#, r#""\u00eg""#, r#""\u+0ef""#, r#""\u""#] {
            assert_eq!(text(wrong).unwrap_err().expected, "an escape that JSON knows", "{wrong}");
        }
    }

    #[test]
    fn point_and_exponent_have_digits() {
        for right in ["1.5", "1e5", "1.5E-5", "0e+0"] {
            assert_eq!(number(right).as_deref(), Ok(right));
        }
        for wrong in ["1.", "1.e5", "1e", "1e+", "1.5e-", "01"] {
            assert_eq!(number(wrong).unwrap_err().expected, "the end", "{wrong}");
        }
    }
}
