//! Keys, addresses and signatures for the ledger.
//!
//! A wallet is an RSA key pair. Its public half as text is the **address** that payments name as their sender. Its
//! private half as text is the **secret** that proves the address is yours. A **signature** is made with the secret
//! for one message, and checked with the address alone.
//!
//! Every text is byte for byte what the tutorial's Python wallet makes (sections 5 and 6), so keys and signatures
//! work in both programs.
//!
//! # What it is not
//!
//! - It knows no payments: it signs *bytes*. The crate that defines payments says which bytes stand for one
//!   (`sender + recipient + amount`).
//! - It opens no file and no connection. It only reads the operating system's random numbers, to generate a key and
//!   to blind a signature.
//! - It is for learning. MD5 has been broken for signatures since 2004: whoever can choose two texts can give them
//!   the same hash, and so the same signature. It stays because the wire format requires it. Bitcoin signs SHA-256
//!   hashes with 256-bit ECDSA and Schnorr keys.
//!
//! # Reading order
//!
//! 1. `keys`: [`Wallet`], the key pair.
//! 2. `public_key`: [`PublicKey`], the public half, and the checks before a text becomes one.
//! 3. `signature`: [`Signature`], [`Wallet::sign`] and [`PublicKey::verify`]; `signature_text`:
//!    [`Signature::read`].
//! 4. `error`: one enum per operation; `form`: [`KeyForm`], unsupported key formats and how to convert them.
//! 5. `read` (private): common key formats; `numbers`: the checked numbers of a key.
//! 6. `python` (private): base64 and PEM exactly as a Python node reads them, where that matters.
//! 7. `secret`: [`is_private_key`], for texts that are about to be published.
//! 8. `verifier` (private): the arithmetic behind [`PublicKey::verify`], in two implementations.
//! 9. `exposed`: [`Exposed`], the warning about a key file that others can read.
//! 10. `limits`: accepted sizes of keys and texts.
//!
//! # Features
//!
//! - `keygen`, on by default: `Wallet::generate` and `Wallet::sign`, which read random numbers from the operating
//!   system. Without it, pass them to [`Wallet::generate_with`] and [`Wallet::sign_with`]; the crate then builds
//!   for `wasm32-unknown-unknown`.
//! - `openssl`: checks signatures with OpenSSL, about twice as fast. The build then needs a C compiler and
//!   OpenSSL's headers. Accepts and refuses the same signatures. Signing stays in Rust.
//!
//! # Examples
//!
//! ```
//! use wallet::{PublicKey, Wallet};
//!
//! let alice = Wallet::generate()?;
//! let signature = alice.sign(b"pay bob 5")?;
//!
//! // Bob needs only the address.
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
