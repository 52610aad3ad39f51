//! The sizes of keys, and of the texts in which they are looked for.

/// The size of a new wallet's modulus, in bits (tutorial, section 5.1).
pub const NEW_KEY_BITS: u32 = 2048;

/// The smallest modulus accepted, in bits: shorter ones can be factored with rented machines.
pub const MIN_KEY_BITS: u32 = 1024;

/// The largest modulus accepted, in bits: the time to check a signature grows with the square of the size,
/// and the sender of a payment chooses it.
pub const MAX_KEY_BITS: u32 = 8192;

/// The longest text that is looked at as an address, in bytes.
///
/// The longest honest one is that of a key of [`MAX_KEY_BITS`], about 2000 bytes.
pub const MAX_KEY_TEXT: usize = 16 * 1024;

/// The longest file or text in which a key is looked for, in bytes: room for certificates and text beside it.
pub const MAX_KEY_FILE: usize = 64 * 1024;
