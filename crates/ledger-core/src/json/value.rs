//! Reads any JSON value, and writes it in canonical form at the same time.

use super::error::JsonError;
use super::members::Members;
use super::reader::Reader;
use crate::python;

/// Maximum nesting of lists and objects. Python 3.13 reads 9,998 levels, earlier versions 1,000 to 1,500.
pub const MAX_DEPTH: usize = 100_000;

/// Reads the next value and returns its canonical text.
pub(super) fn canonical(reader: &mut Reader<'_>) -> Result<String, JsonError> {
    let mut writer = Writer { out: String::new(), open: Vec::new(), members: Members::default() };
    loop {
        let opened = writer.begin(reader)?;
        if writer.out.len() > reader.limit() {
            return Err(reader.expected("a value whose canonical text is shorter"));
        }
        if opened {
            continue;
        }
        if !writer.go_on(reader)? {
            return Ok(writer.members.arrange(writer.out));
        }
    }
}

/// Consumes the next value.
pub(crate) fn skip(reader: &mut Reader<'_>) -> Result<(), JsonError> {
    canonical(reader).map(drop)
}

/// The canonical text of a number.
fn number_text(number: &str) -> String {
    if !number.contains(['.', 'e', 'E']) {
        return if number == "-0" { "0" } else { number }.to_owned();
    }
    let float = python::read_float(number).expect("Rust parses every JSON number");
    let mut text = String::new();
    python::write_any_float(&mut text, float).expect("memory takes what is written to it");
    text
}

struct Writer {
    /// The canonical text, with the members of objects still in their original order.
    out: String,
    /// The lists and objects around the next value.
    open: Vec<Open>,
    members: Members,
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    List,
    Object,
}

impl Writer {
    /// Starts the next value. Returns whether it opens a list or object, in which the next value follows.
    fn begin(&mut self, reader: &mut Reader<'_>) -> Result<bool, JsonError> {
        let (kind, empty, end) = match reader.peek() {
            Some(b'[') => (Open::List, "[]", b']'),
            Some(b'{') => (Open::Object, "{}", b'}'),
            _ => return self.scalar(reader).map(|()| false),
        };
        if self.open.len() == MAX_DEPTH {
            return Err(reader.expected("at most 100,000 levels of lists and objects"));
        }
        reader.expect(empty.as_bytes()[0], "a list or an object")?;
        if reader.eat(end) {
            self.out.push_str(empty);
            return Ok(false);
        }
        if kind == Open::Object {
            self.members.open(self.out.len());
        }
        self.out.push_str(&empty[..1]);
        self.open.push(kind);
        self.name(reader)?;
        Ok(true)
    }

    /// Continues after a value: closes what ends with it. Returns whether another value follows.
    fn go_on(&mut self, reader: &mut Reader<'_>) -> Result<bool, JsonError> {
        while let Some(kind) = self.open.last() {
            let list = *kind == Open::List;
            if reader.eat(b',') {
                self.out.push_str(", ");
                self.name(reader)?;
                return Ok(true);
            }
            let (end, expected) = match list {
                true => (b']', "a comma or the end of the list"),
                false => (b'}', "a comma or the end of the object"),
            };
            reader.expect(end, expected)?;
            self.out.push(char::from(end));
            self.open.pop();
            if !list {
                self.members.close(&self.out);
            }
        }
        Ok(false)
    }

    /// Copies the name of the next member, if an object is open.
    fn name(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if self.open.last() == Some(&Open::Object) {
            self.members.begin(self.out.len());
            reader.name()?.write(&mut self.out, reader.limit());
            self.out.push_str(": ");
        }
        Ok(())
    }

    /// Copies a value that is not a list or an object.
    fn scalar(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        if reader.peek() == Some(b'"') {
            reader.string()?.write(&mut self.out, reader.limit());
            return Ok(());
        }
        for word in ["null", "true", "false", "NaN", "Infinity", "-Infinity"] {
            if reader.word(word) {
                self.out.push_str(word);
                return Ok(());
            }
        }
        let number = reader.number().map_err(|_| reader.expected("a JSON value"))?;
        self.out.push_str(&number_text(number));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_is_refused_as_soon_as_its_text_is_too_long() {
        let within = |limit| canonical(&mut Reader::new(br#"["abc", 1]"#).unwrap().within(limit));
        assert_eq!(within(9).as_deref(), Ok(r#"["abc", 1]"#));
        assert_eq!(within(8).unwrap_err().expected, "a value whose canonical text is shorter");
    }
}
