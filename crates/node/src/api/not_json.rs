//! Sentences about bodies that are no JSON object: what was sent instead, and what one looks like.

use std::borrow::Cow;

use crate::text::{Looks, check_utf8};

/// Bytes of a body that is no JSON that are repeated.
const SHOWN: usize = 12;

/// Says why a body is no JSON object, with an example of one; `error` is what the parser said.
pub(super) fn explain(body: &[u8], error: &serde_json::Error, example: &str) -> String {
    let text = match check_utf8(body, 0) {
        Ok(()) => String::from_utf8_lossy(body),
        Err(foreign) => {
            return match Looks::of(body) {
                Some(looks) => format!("the body is {looks}; send one JSON object, as {example}"),
                None => {
                    format!("the body is no JSON: {foreign}; send one JSON object in UTF-8, as {example}")
                }
            };
        }
    };
    let send = format!("send one JSON object, as {example}");
    if let Some(kind) = kind(&text) {
        return format!("{kind}; {send}");
    }
    let (before, at) = split(&text, error);
    let hint = hint(before, at);
    if error.is_data() {
        return format!("the body must be one JSON object: {error}{hint}");
    }
    let shown: String = at.chars().take(SHOWN).collect();
    let place =
        if shown.is_empty() { "its end".into() } else { format!("\"{shown}\" at byte {}", before.len()) };
    format!("the body is not JSON from {place} on{hint}; {send}")
}

/// What a body is, if its beginning says so.
fn kind(text: &str) -> Option<Cow<'static, str>> {
    let text = text.trim_start();
    let mut characters = text.chars();
    let kind = match characters.next() {
        None => "the body is empty",
        Some('{') => return quotes(characters.as_str().trim_start()).map(Cow::Borrowed),
        Some('[') => "the body is a list",
        Some('"') => {
            "the body is a text in quotes; where a library makes JSON of what it is given, give it no JSON"
        }
        Some('<') => "the body is a web page or XML",
        Some('@') => {
            "the body is the name of a file; curl reads a file with --data-binary @FILE, and not with --data-raw"
        }
        Some('\'') => {
            "the body stands in single quotes; cmd on Windows takes them for a part of it, so write \"{\\\"…\\\": …}\" there"
        }
        Some('‘' | '’' | '“' | '”' | '„' | '«') => "the body stands in quotes of a text processor",
        Some('-') if text.starts_with("--") => {
            "the body is a form in parts (multipart/form-data), as curl -F sends it"
        }
        Some(_) if text.starts_with("%7B") || text.starts_with("%7b") => {
            "the body is URL-encoded, as curl --data-urlencode sends it"
        }
        Some(_) if is_form(text) => "the body is a form, as curl -d a=b sends it",
        Some(_) => return Looks::of(text.as_bytes()).map(|looks| format!("the body is {looks}").into()),
    };
    Some(Cow::Borrowed(kind))
}

/// What is wrong with the first name of an object.
fn quotes(inside: &str) -> Option<&'static str> {
    Some(match inside.chars().next()? {
        '\'' => {
            "names and texts stand in single quotes, as Python's print writes them; json.dumps writes JSON"
        }
        '\\' => "backslashes stand before the quotes; the shell passed them on",
        '‘' | '’' | '“' | '”' | '„' | '«' => "names stand in quotes of a text processor",
        letter if letter.is_alphabetic() || letter == '_' => {
            "names stand without quotes; PowerShell and cmd take away quotes that have no backslash before them"
        }
        _ => return None,
    })
}

/// Whether a text begins as a form does: a name and an equals sign.
fn is_form(text: &str) -> bool {
    let name = text.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-+%[]".contains(&byte))
    })
}

/// The text before and from the place at which the parser gave up.
fn split<'a>(text: &'a str, error: &serde_json::Error) -> (&'a str, &'a str) {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line: usize = lines.map(str::len).sum();
    // The parser counts up to the byte that it refuses, but for a member's value, which it had only begun.
    let column = if error.is_data() { error.column() } else { error.column().saturating_sub(1) };
    let place = (line + column).min(text.len());
    let place = if error.is_eof() { text.len() } else { place };
    text.split_at((0..=place).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0))
}

/// What most likely happened where the parser gave up; with a colon in front.
fn hint(before: &str, at: &str) -> &'static str {
    let is_value = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    match at.chars().next() {
        _ if before.ends_with(|last: char| last.is_ascii_control()) && is_in_text(before) => {
            ": a line break or tab inside of a text is written \\n or \\t"
        }
        None => ": it ends too early",
        Some('}' | ']') if before.trim_end().ends_with(',') => ": there is a comma too many",
        Some('\'') => ": texts stand in double quotes",
        Some('/' | '#') => ": JSON has no comments",
        Some('“' | '”' | '„' | '‘' | '’') => ": quotes of a text processor",
        Some(_) if is_value(before) => ": there is more behind the object, and one is sent at a time",
        Some('N' | 'T' | 'F' | 'I') => ": JSON writes null, true and false, and knows no NaN or Infinity",
        Some(_) => "",
    }
}

/// Whether a text of JSON has begun and not ended, as its quotes tell.
fn is_in_text(before: &str) -> bool {
    before.matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::super::members::Members;

    fn says(body: impl AsRef<[u8]>) -> String {
        let refused = Members::parse(body.as_ref(), "EXAMPLE").err();
        refused.unwrap_or_else(|| panic!("{:?} was read", String::from_utf8_lossy(body.as_ref()))).to_string()
    }

    #[test]
    fn what_people_send_instead_of_json_is_named_with_an_example() {
        for (body, words) in [
            ("", "the body is empty"),
            (" \r\n", "the body is empty"),
            ("a=b", "the body is a form, as curl -d a=b sends it"),
            ("sender=LS0t&recipient=Zo%C3%AB&amount=5", "the body is a form"),
            ("nodes[]=http://localhost:5001", "the body is a form"),
            ("----------0123\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "a form in parts"),
            ("%7B%22sender%22%3A%20%22a%22%7D", "the body is URL-encoded"),
            ("@payment.json", "the body is the name of a file"),
            ("'{\"sender\": \"a\"}'", "the body stands in single quotes; cmd on Windows"),
            ("\"{\\\"sender\\\": \\\"a\\\"}\"", "the body is a text in quotes"),
            ("{'sender': 'a', 'amount': 5}", "as Python's print writes them"),
            ("{ sender: a, amount: 5 }", "names stand without quotes; PowerShell"),
            ("{\\\"sender\\\": \\\"a\\\"}", "backslashes stand before the quotes"),
            ("{“sender”: “a”}", "quotes of a text processor"),
            ("[{\"sender\": \"a\"}]", "the body is a list"),
            ("<payment/>", "the body is a web page or XML"),
            ("HTTP/1.1 200 OK\r\n\r\n{}", "an HTTP answer with its head"),
            ("hello", "the body is not JSON from \"hello\" at byte 0 on"),
            ("{\"sender\": \"a\",}", "from \"}\" at byte 15 on: there is a comma too many"),
            ("{\"sender\": \"a\"", "from its end on: it ends too early"),
            ("{\"a\": 1}\n{\"a\": 2}\n", ": there is more behind the object"),
            ("{\"a\": 1} // one", ": JSON has no comments"),
        ] {
            let said = says(body);
            assert!(
                said.contains(words) && said.contains("; send one JSON object, as EXAMPLE"),
                "{body:?}: {said}"
            );
            assert!(!said.contains("line 1") && said.len() < 300, "{said}");
        }
    }

    #[test]
    fn a_value_that_is_no_json_is_named_with_its_member() {
        for (body, words) in [
            ("{\"amount\": NaN}", "the value of \"amount\" is not JSON"),
            ("{\"amount\": None}", "JSON writes null, true and false"),
            ("{\"sender\": 'a'}", ": texts stand in double quotes"),
            ("{\"sender\": \"a\nb\"}", ": a line break or tab inside of a text is written \\n or \\t"),
            ("{\"sender\": \"a\tb\"}", ": a line break or tab inside of a text"),
            ("{\"sender\":\nfoo}", "the value of \"sender\" is not JSON"),
            ("{\"sender\": \"a", ": it ends too early"),
            ("{\"a\": 1, \"a\": 2}", "member \"a\" is there twice"),
        ] {
            let said = says(body);
            assert!(said.contains(words), "{body:?}: {said}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_their_place() {
        let latin1 = b"{\"sender\": \"a\", \"recipient\": \"Zo\xeb\"}";
        assert_eq!(
            says(latin1),
            "the body is no JSON: byte 0xEB at offset 32 is not UTF-8 (in Latin-1 or Windows-1252 it would read \"Zoë\"); send one JSON object in UTF-8, as EXAMPLE"
        );
        assert!(says(b"\x1f\x8b\x08\x00\xff").starts_with("the body is gzip data; unpack it first"));
    }
}
