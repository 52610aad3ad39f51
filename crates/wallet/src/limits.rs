//! Accepted sizes of keys and of the texts that hold them.

/// Bits of a new wallet's modulus (tutorial, section 5.1).
pub const NEW_KEY_BITS: u32 = 2048;

/// Minimum bits of a modulus: shorter ones can be factored with rented machines.
pub const MIN_KEY_BITS: u32 = 1024;

/// Maximum bits of a modulus: checking a signature takes time quadratic in the size, which the sender of a payment
/// chooses.
pub const MAX_KEY_BITS: u32 = 8192;

/// Maximum bytes of an address. The longest real one, with [`MAX_KEY_BITS`], has about 2000.
pub const MAX_KEY_TEXT: usize = 16 * 1024;

/// Maximum bytes of a file or text with a key: leaves room for certificates and explanations.
pub const MAX_KEY_FILE: usize = 64 * 1024;
