//! Keys, addresses and signatures: what a person needs to own money in the ledger.
//!
//! A wallet is an RSA key pair. Its public half, written as text, is the **address** that payments name as
//! their sender; its private half, written as text, is the **secret** that proves the address is yours. A
//! **signature** is the proof, made with the secret for one message and checked with nothing but the address.
//!
//! Every text made here is to the byte what the tutorial's Python wallet makes (sections 5 and 6), so keys
//! and signatures can be carried from one to the other in both directions.
//!
//! # What it is not
//!
//! - It knows no payments: it signs *bytes*. Which bytes stand for a payment (`sender + recipient + amount`)
//!   is the business of the crate that knows what a payment is.
//! - It opens no file and no connection. It reads the operating system's random numbers to make a key and to
//!   blind a signature, and nothing else from outside.
//! - It is for learning. MD5 has been broken for signatures since 2004: whoever can choose both texts can
//!   make two with one hash, and so one signature for both. It stays because the wire format asks for it.
//!   Bitcoin signs SHA-256 hashes with ECDSA and Schnorr keys of 256 bits.
//!
//! # Reading order
//!
//! 1. `keys`: [`Wallet`], the key pair: made, read, written as text.
//! 2. `address`: [`PublicKey`], the public half, and all that is refused before it becomes one.
//! 3. `signature`: [`Signature`], [`Wallet::sign`] and [`PublicKey::verify`]; `signature_text`: [`Signature::read`].
//! 4. `error`: what can go wrong, one enum for each operation; `form`: [`KeyForm`], the keys that are not read and how to
//!    convert them.
//! 5. `read` (private): keys as tools and places give them; `numbers`: the numbers in them, checked.
//! 6. `python` (private): base64 and PEM exactly as a Python node reads them, where that decides.
//! 7. `secret`: [`is_private_key`], asked before a text is published.
//! 8. `verifier` (private): the arithmetic behind [`PublicKey::verify`], of which there are two.
//! 9. `exposed`: [`Exposed`], what to say of a key file that others can read.
//! 10. `limits`: the sizes of keys and texts that are accepted.
//!
//! # Features
//!
//! - `keygen`, on by default: `Wallet::generate` and `Wallet::sign`, which take random numbers from the operating system.
//!   Without it [`Wallet::generate_with`] and [`Wallet::sign_with`] take them from you, and the crate builds for
//!   `wasm32-unknown-unknown` as it is.
//! - `openssl`: signatures are checked with OpenSSL's arithmetic, which is about twice as fast; the build then needs a
//!   C compiler and OpenSSL's headers. What is accepted and what is refused is the same. Signing stays in Rust.
//!
//! # Examples
//!
//! ```
//! use wallet::{PublicKey, Wallet};
//!
//! let alice = Wallet::generate()?;
//! let signature = alice.sign(b"pay bob 5")?;
//!
//! // Bob knows the address alone.
//! let address = PublicKey::parse(alice.address().as_str())?;
//! assert!(address.verify(b"pay bob 5", signature.as_str()).is_ok());
//! assert!(address.verify(b"pay bob 6", signature.as_str()).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod exposed;
mod form;
mod keys;
mod limits;
mod numbers;
mod public_key;
mod python;
mod read;
mod secret;
mod signature;
mod signature_text;
mod verifier;

pub use error::{AddressError, GenerateError, KeyError, SignError, SignatureError, VerifyError};
pub use exposed::Exposed;
pub use form::KeyForm;
pub use keys::Wallet;
pub use limits::{MAX_KEY_BITS, MAX_KEY_FILE, MAX_KEY_TEXT, MIN_KEY_BITS, NEW_KEY_BITS};
pub use public_key::PublicKey;
pub use rsa::rand_core::CryptoRng;
pub use secret::is_private_key;
pub use signature::{Signature, verify};
pub use signature_text::{NotBase64, SignatureText};
