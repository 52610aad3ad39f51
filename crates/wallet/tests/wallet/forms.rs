//! Key forms that the wallet reads: each fixture holds Alice's key.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use wallet::{KeyError, PublicKey, Wallet};

use crate::fixtures::{alice, alice_address, form, forms, key};

/// Checks that a file is read as Alice's key, also in base64 like a secret.
fn is_alice(name: &str, file: &[u8]) {
    for bytes in [file, BASE64_STANDARD.encode(file).as_bytes()] {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
        let wallet = Wallet::read(bytes).unwrap_or_else(|error| panic!("{name}: {shown}: {error}"));
        assert_eq!(wallet.secret(), alice().secret(), "{name}");
        assert_eq!(&PublicKey::read(bytes).unwrap(), alice().address(), "{name}");
    }
}

fn pem() -> String {
    alice().to_pem().to_string()
}

/// The PEM with other line ends.
fn lines_ended(end: &str) -> String {
    pem().lines().flat_map(|line| [line, end]).collect()
}

#[test]
fn every_tools_form_is_read() {
    for (name, file) in forms("private") {
        is_alice(&name, &file);
    }
}

#[test]
fn any_line_end_is_read() {
    for end in [
        "\r\n",
        "\r",
        "\n\n",
        " \n",
        "\t\r\n",
        " ",
        "\u{a0}\n",
        "\u{200b}\n",
        "\u{2028}",
        "\\n",
        "\\r\\n",
        "\\\\n",
        "\\\n",
        "",
    ] {
        is_alice(&format!("{end:?}"), lines_ended(end).as_bytes());
    }
    is_alice("no last line end", pem().trim_end().as_bytes());
}

#[test]
fn any_indentation_is_read() {
    for start in ["    ", "\t", "> ", "\u{feff}", "| "] {
        let indented: String = pem().lines().flat_map(|line| [start, line, "\n"]).collect();
        is_alice(&format!("{start:?}"), indented.as_bytes());
    }
}

#[test]
fn any_line_width_is_read() {
    let (pem, marks) = (pem(), ["-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"]);
    let body: Vec<char> = pem.lines().filter(|line| !line.starts_with('-')).flat_map(str::chars).collect();
    for width in [1, 7, 63, 65, 76, 1000, 10_000] {
        let lines: Vec<String> = body.chunks(width).map(|line| line.iter().collect()).collect();
        is_alice(&width.to_string(), format!("{}\n{}\n{}", marks[0], lines.join("\n"), marks[1]).as_bytes());
    }
}

#[test]
fn text_around_the_key_is_ignored() {
    let (pem, secret) = (pem(), alice().secret().to_string());
    let json = serde_json::json!({ "type": "service_account", "private_key": pem }).to_string();
    let yaml: String = pem.lines().map(|line| format!("    {line}\n")).collect();
    for text in [
        format!("My key of 2024, keep it safe: ---\n{pem}"),
        format!("{pem}\n-- \nsent from my telephone"),
        format!("PRIVATE_KEY=\"{}\"\nOTHER=5\n", pem.replace('\n', "\\n")),
        format!("export KEY='{pem}'"),
        json.clone(),
        serde_json::json!({ "nested": json }).to_string(),
        format!("key: |\n{yaml}other: 5\n"),
        format!("```\n{pem}```\n"),
        format!("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{pem}"),
        pem.replace("KEY-----\nMII", "KEY-----\nComment: alice\nVersion: 2\n\nMII"),
        // The secret copied from a node's console and from other places.
        format!(
            " [ ----- secret base64 output begins ----- ]\n{secret}\n [ ----- secret base64 output ends ----- ]"
        ),
        format!("SECRET={secret}\nPORT=5000\n"),
        format!("\"{secret}\""),
        format!("the secret is {secret} of course"),
        format!("{{\"secret\": \"{secret}\"}}"),
        format!(
            "data:\n  tls.crt: {}\n  tls.key: {secret}\n",
            BASE64_STANDARD.encode(form("foreign", "certificate"))
        ),
        format!("{secret}\0"),
        format!("{secret}\r\n\u{1a}"),
        pem.replace("RSA PRIVATE KEY", "CERTIFICATE"),
        // System.Text.Json of .NET.
        json.replace('+', "\\u002B").replace('=', "\\u003D"),
    ] {
        is_alice(&text, text.as_bytes());
    }
}

#[test]
fn latin_1_around_a_key_is_ignored() {
    let file = [b"friendlyName: Zo\xeb\n".as_slice(), pem().as_bytes()].concat();
    is_alice("Latin-1", &file);
}

#[test]
fn wrapped_secret_is_read_in_either_alphabet() {
    let secret = alice().secret().to_string();
    let wrapped = |width: usize, end: &str| {
        let lines = secret.as_bytes().chunks(width).map(|line| str::from_utf8(line).unwrap());
        lines.collect::<Vec<_>>().join(end)
    };
    for text in [
        wrapped(64, "\n"),
        wrapped(76, "\r\n"),
        wrapped(60, "\\n"),
        wrapped(76, " "),
        format!("'{secret}'"),
        format!(" {secret} \r\n\r\n"),
        BASE64_URL_SAFE_NO_PAD.encode(pem()),
        BASE64_STANDARD.encode(format!("{}\n", &*secret)),
        secret.trim_end_matches('=').to_owned(),
    ] {
        is_alice(&text, text.as_bytes());
    }
}

#[test]
fn name_before_base64_der_is_ignored() {
    let der = BASE64_STANDARD.encode(form("private", "pkcs8_der"));
    for text in [der.clone(), format!("MY_KEY={der}\n"), format!("my key: {der}")] {
        is_alice(&text, text.as_bytes());
    }
}

#[test]
fn openssh_body_is_read_alone() {
    let text = |group: &str, name: &str| String::from_utf8(form(group, name)).unwrap();
    let body: String = text("private", "openssh").lines().filter(|line| !line.starts_with('-')).collect();
    is_alice("private", &BASE64_STANDARD.decode(body).unwrap());
    let line = text("public", "openssh_public");
    let body = BASE64_STANDARD.decode(line.split_whitespace().nth(1).unwrap()).unwrap();
    assert_eq!(PublicKey::read(&body), Ok(alice_address()));
}

#[test]
fn at_most_three_base64_layers_are_read() {
    let mut text = pem();
    for layer in 1..=4 {
        text = BASE64_STANDARD.encode(&text);
        assert_eq!(Wallet::read(text.as_bytes()).is_ok(), layer <= 3, "{layer}");
    }
}

#[test]
fn jwk_is_read_inside_text_and_without_primes() {
    let jwk: serde_json::Value = serde_json::from_slice(&form("private", "jwk")).unwrap();
    for text in [format!("[{jwk}]"), format!("{{\"keys\": [{jwk}]}}"), format!("JWK='{jwk}'\n")] {
        is_alice(&text, text.as_bytes());
    }
    let short = serde_json::json!({ "kty": "RSA", "n": jwk["n"], "e": jwk["e"], "d": jwk["d"] });
    let wallet = Wallet::read(short.to_string().as_bytes()).unwrap();
    assert_eq!(wallet.address(), alice().address());
    assert_eq!(wallet.sign(b"message"), alice().sign(b"message"));
    let half =
        serde_json::json!({ "kty": "RSA", "n": jwk["n"], "e": jwk["e"], "d": jwk["d"], "p": jwk["p"] });
    assert_eq!(Wallet::read(half.to_string().as_bytes()).err(), Some(KeyError::Malformed));
    let wrong = serde_json::json!({ "kty": "RSA", "n": jwk["n"], "e": jwk["e"], "d": "AQAB" });
    assert_eq!(Wallet::read(wrong.to_string().as_bytes()).err(), Some(KeyError::Inconsistent));
}

#[test]
fn utf_16_and_byte_order_marks_are_read() {
    for text in [pem(), alice().secret().to_string(), String::from_utf8(form("private", "jwk")).unwrap()] {
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for (mark, rest) in [
            (&b"\xff\xfe"[..], &little),
            (b"", &little),
            (b"\xfe\xff", &big),
            (b"", &big),
            (b"\xef\xbb\xbf", &text.into_bytes()),
        ] {
            is_alice(&format!("{mark:?}"), &[mark, rest.as_slice()].concat());
        }
    }
}

#[test]
fn public_keys_give_only_the_address() {
    let address = alice_address();
    let forms = forms("public").into_iter().map(|(_, file)| file);
    let quoted = format!("'{address}'\n").into_bytes();
    let known =
        format!("# alice\nssh-ed25519? no\n{}", String::from_utf8(form("public", "openssh_public")).unwrap());
    for file in forms.chain([address.as_str().as_bytes().to_vec(), quoted, known.into_bytes()]) {
        let shown = String::from_utf8_lossy(&file);
        assert_eq!(PublicKey::read(&file).as_ref(), Ok(&address), "{shown}");
        assert_eq!(Wallet::read(&file).err(), Some(KeyError::PublicKey), "{shown}");
    }
}

#[test]
fn certificate_does_not_hide_a_key() {
    let certificate = form("foreign", "certificate");
    for key in [form("private", "pkcs8"), form("private", "openssh")] {
        is_alice("before", &[certificate.clone(), key.clone()].concat());
        is_alice("after", &[key, certificate.clone()].concat());
    }
}

#[test]
fn two_private_keys_are_refused() {
    let other = key("good_keys", "bits_1024");
    let both = [form("private", "pkcs8"), other.into_bytes()].concat();
    assert_eq!(Wallet::read(&both).err(), Some(KeyError::Several));
    is_alice("twice the same", &[form("private", "pkcs8"), form("private", "openssh")].concat());
}
