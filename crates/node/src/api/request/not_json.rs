//! Messages about bodies that are not a JSON object: what was sent instead, and an example of an object.

use std::borrow::Cow;

use crate::text::{Looks, check_utf8};

/// Characters of such a body that a message shows.
const SHOWN: usize = 12;

/// Says why a body is not a JSON object, with an example of one. `error` is the parser's.
pub(super) fn explain(body: &[u8], error: &serde_json::Error, example: &str) -> String {
    let text = String::from_utf8_lossy(body);
    let send = format!("send one JSON object, as {example}");
    if let Some(kind) = kind(&text) {
        return format!("{kind}; {send}");
    }
    if let Err(foreign) = check_utf8(body, 0) {
        return match Looks::of(body) {
            Some(looks) => format!("the body is {looks}; {send}"),
            None => format!("the body is not JSON: {foreign}; send one JSON object in UTF-8, as {example}"),
        };
    }
    if error.is_data() {
        return data(&text, error, example);
    }
    let (before, at) = split(&text, error);
    let hint = hint(before, at);
    let shown: String = at.chars().take(SHOWN).collect();
    let place =
        if shown.is_empty() { "its end".into() } else { format!("\"{shown}\" at byte {}", before.len()) };
    format!("the body is not JSON from {place} on{hint}; {send}")
}

/// Says what is wrong with a body that is not an object, or with one of its members.
fn data(text: &str, error: &serde_json::Error, example: &str) -> String {
    let value = text.trim();
    if !value.starts_with('{') {
        let shown: String = value.chars().take(SHOWN).collect();
        return format!("the body is {shown} alone; send one JSON object, as {example}");
    }
    // The parser's line and column point to the member's end. The message names the member.
    let says = error.to_string();
    let says = says.rsplit_once(" at line ").map_or(says.as_str(), |(says, _)| says);
    let hint = if says.ends_with(" is not JSON") { value_hint(text, error) } else { "" };
    format!("the body must be one JSON object: {says}{hint}")
}

/// The most likely error in a member's value, at the parser's position.
fn value_hint(text: &str, error: &serde_json::Error) -> &'static str {
    let (before, at) = split(text, error);
    let (is_in_text, last_but_one) = (is_in_text(before), before.chars().nth_back(1));
    match at.chars().next() {
        _ if is_in_text && last_but_one == Some('\\') => ": a backslash in a text is written \\\\",
        Some('+' | '.' | '0'..='9') if !is_in_text => ": numbers are written as 5 or 0.25",
        _ if !is_in_text && last_but_one == Some('.') => ": numbers are written as 5 or 0.25",
        _ => hint(before, at),
    }
}

/// Recognises a body by its start.
fn kind(text: &str) -> Option<Cow<'static, str>> {
    let text = text.trim_start();
    let mut characters = text.chars();
    let kind = match characters.next() {
        None => "the body is empty",
        Some('{') if !text.starts_with("{\\rtf") => {
            return quotes(characters.as_str().trim_start()).map(Cow::Borrowed);
        }
        Some('[') if text.starts_with("[object ") => {
            "the body is JavaScript's text for any object; send JSON.stringify(object)"
        }
        Some('[') => "the body is a list",
        Some('"') => {
            "the body is JSON in quotes, so it was encoded twice; give the library the object, not its JSON"
        }
        Some('<') => "the body is a web page or XML",
        Some(first) if first == '@' || first == '/' && !is_comment(text) => {
            "the body is the name of a file; curl sends a file's content with --data-binary @FILE, but not with --data-raw"
        }
        Some('\'') => {
            "the body is in single quotes; cmd on Windows sends them, too, so write \"{\\\"…\\\": …}\" there"
        }
        Some('‘' | '’' | '“' | '”' | '„' | '«') => {
            "the body is in typographic quotes, as word processors write them"
        }
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

/// What is wrong with the first member's name, given the text after the opening brace.
fn quotes(inside: &str) -> Option<&'static str> {
    Some(match inside.chars().next()? {
        '\'' => "names and texts are in single quotes, as Python's print writes them; json.dumps writes JSON",
        '\\' => "there are backslashes before the quotes; the shell passed them on",
        '‘' | '’' | '“' | '”' | '„' | '«' => {
            "names are in typographic quotes, as word processors write them"
        }
        letter if letter.is_alphabetic() || letter == '_' => {
            "names have no quotes; PowerShell and cmd remove quotes that have no backslash before them"
        }
        _ => return None,
    })
}

/// Whether a text starts like a comment.
fn is_comment(text: &str) -> bool {
    ["#", "//", "/*"].iter().any(|start| text.starts_with(start))
}

/// Whether a text starts like a form: a name and an equals sign.
fn is_form(text: &str) -> bool {
    let name = text.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-+%[]".contains(&byte))
    })
}

/// The text before and after the position of the parser's error.
fn split<'a>(text: &'a str, error: &serde_json::Error) -> (&'a str, &'a str) {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line: usize = lines.map(str::len).sum();
    // The column of a syntax error counts the refused byte. In a member's value, it is where the parser stopped.
    let column = if error.is_data() { error.column() } else { error.column().saturating_sub(1) };
    let place = (line + column).min(text.len());
    let place = if error.is_eof() { text.len() } else { place };
    text.split_at((0..=place).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0))
}

/// The most likely error between these two texts, after a colon.
fn hint(before: &str, at: &str) -> &'static str {
    let is_value = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    match at.chars().next() {
        _ if before.ends_with(|last: char| last.is_ascii_control()) && is_in_text(before) => {
            ": a line break or tab inside a text is written \\n or \\t"
        }
        None => ": it ends too early",
        Some('}' | ']') if before.trim_end().ends_with(',') => ": there is a surplus comma",
        Some('\'') => ": texts need double quotes",
        Some('/' | '#') if is_comment(at) => ": JSON has no comments",
        Some('“' | '”' | '„' | '‘' | '’') => ": these are typographic quotes",
        Some(_) if is_value(before) => ": something follows the object; send one at a time",
        Some('N' | 'T' | 'F' | 'I') => {
            ": JSON has null, true and false in lower case, and no NaN or Infinity"
        }
        Some(_) => "",
    }
}

/// Whether the text ends inside a JSON string, by its number of quotes.
fn is_in_text(before: &str) -> bool {
    before.matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use crate::api::request::Members;

    fn says(body: impl AsRef<[u8]>) -> String {
        let refused = Members::parse(body.as_ref(), "EXAMPLE").err();
        refused.unwrap_or_else(|| panic!("{:?} was read", String::from_utf8_lossy(body.as_ref()))).to_string()
    }

    #[test]
    fn common_mistakes_are_named_with_an_example() {
        for (body, words) in [
            ("", "the body is empty"),
            (" \r\n", "the body is empty"),
            ("a=b", "the body is a form, as curl -d a=b sends it"),
            ("sender=LS0t&recipient=Zo%C3%AB&amount=5", "the body is a form"),
            ("nodes[]=http://localhost:5001", "the body is a form"),
            ("----------0123\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "a form in parts"),
            ("%7B%22sender%22%3A%20%22a%22%7D", "the body is URL-encoded"),
            ("@payment.json", "the body is the name of a file"),
            ("'{\"sender\": \"a\"}'", "the body is in single quotes; cmd on Windows"),
            ("\"{\\\"sender\\\": \\\"a\\\"}\"", "the body is JSON in quotes"),
            ("{'sender': 'a', 'amount': 5}", "as Python's print writes them"),
            ("{ sender: a, amount: 5 }", "names have no quotes; PowerShell"),
            ("{\\\"sender\\\": \\\"a\\\"}", "there are backslashes before the quotes"),
            ("{“sender”: “a”}", "names are in typographic quotes"),
            ("[{\"sender\": \"a\"}]", "the body is a list"),
            ("[object Object]", "the body is JavaScript's text for any object"),
            ("/tmp/payment.json", "the body is the name of a file"),
            ("/* one */ {}", ": JSON has no comments"),
            ("{\\rtf1\\ansi {}}", "the body is a text with formatting (RTF)"),
            ("5", "the body is 5 alone"),
            (" null\n", "the body is null alone"),
            ("true", "the body is true alone"),
            ("<payment/>", "the body is a web page or XML"),
            ("HTTP/1.1 200 OK\r\n\r\n{}", "an HTTP response with its headers"),
            ("hello", "the body is not JSON from \"hello\" at byte 0 on"),
            ("{\"sender\": \"a\",}", "from \"}\" at byte 15 on: there is a surplus comma"),
            ("{\"sender\": \"a\"", "from its end on: it ends too early"),
            ("{\"a\": 1}\n{\"a\": 2}\n", ": something follows the object"),
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
    fn invalid_value_is_named_with_its_member() {
        for (body, words) in [
            ("{\"amount\": NaN}", "the value of \"amount\" is not JSON"),
            ("{\"amount\": None}", "JSON has null, true and false"),
            ("{\"sender\": 'a'}", ": texts need double quotes"),
            ("{\"sender\": \"a\nb\"}", ": a line break or tab inside a text is written \\n or \\t"),
            ("{\"sender\": \"a\tb\"}", ": a line break or tab inside a text"),
            ("{\"sender\":\nfoo}", "the value of \"sender\" is not JSON"),
            ("{\"sender\": \"a", ": it ends too early"),
            ("{\"amount\": 5.}", ": numbers are written as 5 or 0.25"),
            ("{\"amount\": .5}", ": numbers are written as 5 or 0.25"),
            ("{\"amount\": +5}", ": numbers are written as 5 or 0.25"),
            ("{\"amount\": 05}", ": numbers are written as 5 or 0.25"),
            ("{\"sender\": \"C:\\Users\"}", ": a backslash in a text is written \\\\"),
            ("{\"sender\": \"a.\n\"}", ": a line break or tab inside a text"),
            ("{\"sender\": \"a\0\"}", "the value of \"sender\" is not JSON"),
        ] {
            let said = says(body);
            assert!(said.contains(words) && !said.contains(" at line "), "{body:?}: {said}");
        }
    }

    #[test]
    fn repeated_member_is_named() {
        let twice = "the body must be one JSON object: duplicate member \"a\"";
        assert_eq!(says("{\"a\": 1, \"a\": 2}"), twice);
    }

    #[test]
    fn form_in_another_encoding_is_recognised() {
        assert!(
            says(b"recipient=Zo\xeb&amount=5").starts_with("the body is a form, as curl -d a=b sends it; ")
        );
    }

    #[test]
    fn invalid_utf8_is_named_with_its_position() {
        let latin1 = b"{\"sender\": \"a\", \"recipient\": \"Zo\xeb\"}";
        assert_eq!(
            says(latin1),
            "the body is not JSON: byte 0xEB at offset 32 is not UTF-8 (in Latin-1 or Windows-1252 it would read \"Zoë\"); send one JSON object in UTF-8, as EXAMPLE"
        );
        assert!(says(b"\x1f\x8b\x08\x00\xff").starts_with("the body is gzip data; unpack it first"));
    }
}
