//! The crate without its feature `keygen`: everything but random numbers from the operating system.

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use wallet::{PublicKey, Wallet, verify};

fn vector() -> serde_json::Value {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("data/signatures.json")).unwrap();
    vectors[0].clone()
}

/// The caller's random numbers. Fixed here, which only a test may do.
fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

#[test]
fn random_numbers_do_not_change_a_signature() {
    let vector = vector();
    let alice = Wallet::from_secret(vector["secret_pkcs1"].as_str().unwrap()).unwrap();
    let signatures = [1, 2].map(|seed| alice.sign_with(&mut rng(seed), b"message").unwrap());
    assert_eq!(signatures[0], signatures[1]);
    assert_eq!(verify(vector["address"].as_str().unwrap(), b"message", signatures[0].as_str()), Ok(()));
    #[cfg(feature = "keygen")]
    assert_eq!(signatures[0], alice.sign(b"message").unwrap());
}

#[test]
fn callers_random_numbers_make_a_key() {
    let wallet = Wallet::generate_with(&mut rng(3)).unwrap();
    assert_eq!(&PublicKey::parse(wallet.address().as_str()).unwrap(), wallet.address());
    assert_eq!(Wallet::from_secret(&wallet.secret()).unwrap().address(), wallet.address());
}
