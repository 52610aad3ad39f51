//! Properties of every text: the wallet never panics, and accepts only keys.

use crate::fixtures::{alice, alice_address};
use proptest::prelude::*;
use wallet::{PublicKey, Wallet};

/// Texts that get furthest in the parser: base64, PEM lines and a few others.
const CLOSE: &str =
    "(-----BEGIN |-----END |RSA |PRIVATE |PUBLIC |KEY-----|\n|\r\n|[A-Za-z0-9+/=]{0,12}|\\PC){0,20}";

proptest! {
    #[test]
    fn arbitrary_text_is_refused_without_panic(text in prop_oneof![any::<String>(), CLOSE]) {
        prop_assert!(PublicKey::parse(&text).is_err());
        prop_assert!(Wallet::from_secret(&text).is_err());
        prop_assert!(Wallet::from_pem(&text).is_err());
        prop_assert!(alice_address().verify(b"message", &text).is_err());
    }

    #[test]
    fn arbitrary_pem_text_is_refused_without_panic(text in CLOSE) {
        let armoured = base64(&text);
        prop_assert!(PublicKey::parse(&armoured).is_err());
        prop_assert!(Wallet::from_secret(&armoured).is_err());
    }

    #[test]
    fn damaged_address_never_panics(position in 0..600usize, character in "[A-Za-z0-9+/=\n]") {
        let mut text = alice_address().as_str().to_owned();
        text.replace_range(position..=position, &character);
        let _ = PublicKey::parse(&text).map(|address| address.verify(b"message", &"A".repeat(344)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn every_signed_message_verifies(message in any::<Vec<u8>>()) {
        let signature = alice().sign(&message).unwrap();
        prop_assert_eq!(alice_address().verify(&message, signature.as_str()), Ok(()));
    }
}

fn base64(text: &str) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    BASE64_STANDARD.encode(text)
}
