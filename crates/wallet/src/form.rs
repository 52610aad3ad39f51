//! Key formats that are recognised but not supported, each with the command that converts it.

use thiserror::Error;

/// A key format of other tools that is not supported.
///
/// The message names the format and the way out. `FILE` in it stands for the key's file;
/// [`KeyError::for_file`](crate::KeyError::for_file) fills it in. The commands belong to OpenSSL, OpenSSH, PuTTY
/// and Java.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyForm {
    /// A key of another algorithm than RSA.
    #[error(
        "this key's algorithm is {0}, but payments need an RSA key; make one with `sigscript --new-key key.pem` \
         or `openssl genrsa -out key.pem 2048`"
    )]
    Algorithm(&'static str),

    /// A certificate (X.509), in PEM or DER.
    #[error(
        "this is a certificate, which holds only the public key; the private key is in another file. \
         To show its address: `openssl x509 -inform {0} -in FILE -noout -pubkey | sigscript --address -`"
    )]
    Certificate(&'static str),

    /// A request for a certificate (PKCS#10), in PEM or DER.
    #[error(
        "this is a certificate request, which holds only the public key; the private key is in another file. \
         To show its address: `openssl req -inform {0} -in FILE -noout -pubkey | sigscript --address -`"
    )]
    Request(&'static str),

    /// A PEM block that is not a key.
    #[error("this PEM block is a {0:?}, not a key; a key is a block \"RSA PRIVATE KEY\" or \"PRIVATE KEY\"")]
    Label(String),

    /// PKCS#7: a `.p7b` file.
    #[error(
        "this is a PKCS#7 file (.p7b), which holds certificates; the private key is in another file, \
         or make a new one: `sigscript --new-key key.pem`"
    )]
    Pkcs7,

    /// An RSA key with more than two primes (RFC 8017, section 3.2).
    #[error(
        "this RSA key has more than two primes, and Python nodes cannot read it; \
         make one with two: `sigscript --new-key key.pem`"
    )]
    ManyPrimes,

    /// A password-protected PKCS#8 key in DER.
    #[error(
        "the private key is encrypted; write it without its password: \
         `openssl pkcs8 -inform DER -in FILE -out key.pem`"
    )]
    EncryptedDer,

    /// A password-protected OpenSSH private key.
    #[error(
        "the OpenSSH private key is encrypted; remove its password (this changes the file): \
         `ssh-keygen -p -N '' -f FILE`"
    )]
    EncryptedOpenSsh,

    /// PKCS#12: a `.p12` or `.pfx` file.
    #[error(
        "this is a PKCS#12 file (.p12, .pfx); take the key out: `openssl pkcs12 -in FILE -nocerts -nodes -out key.pem`"
    )]
    Pkcs12,

    /// Java's own key store.
    #[error(
        "this is a Java key store (JKS); convert it, then take the key out: \
         `keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`, \
         `openssl pkcs12 -in key.p12 -nocerts -nodes -out key.pem`"
    )]
    JavaKeyStore,

    /// PuTTY's private key.
    #[error("this is a PuTTY key (.ppk); convert it: `puttygen FILE -O private-openssh -o key.pem`")]
    Putty,

    /// The public key of SSH programs other than OpenSSH (RFC 4716).
    #[error("this is a public key in the form of RFC 4716; convert it: `ssh-keygen -i -f FILE > key.pub`")]
    Ssh2,

    /// An OpenPGP key, as GnuPG exports it.
    #[error(
        "this is an OpenPGP key of GnuPG, which cannot sign payments; make one: `sigscript --new-key key.pem`"
    )]
    OpenPgp,

    /// Microsoft's PVK.
    #[error("this is a Microsoft PVK file; convert it: `openssl rsa -inform PVK -in FILE -out key.pem`")]
    Pvk,

    /// Microsoft's key blob.
    #[error("this is a Microsoft key blob; convert it: `openssl rsa -inform MSBLOB -in FILE -out key.pem`")]
    MsBlob,

    /// Hex digits.
    #[error("this is hex text; convert it to a binary file, and use that: `xxd -r -p FILE key.der`")]
    Hex,

    /// A 32-byte key, or the mnemonic words for one.
    #[error(
        "this is a key of another system, such as Bitcoin, Ethereum or age; payments need an RSA key: \
         make one with `sigscript --new-key key.pem`"
    )]
    OtherLedger,

    /// A PEM block whose hyphens were changed.
    #[error(
        "the lines around the key are damaged: each must begin and end with five hyphens, as in \
         -----BEGIN RSA PRIVATE KEY-----; word processors change them, so copy the key as plain text"
    )]
    Dashes,

    /// URL-encoded text.
    #[error(
        "this is URL-encoded; decode it: \
         `python3 -c 'import sys, urllib.parse as u; print(u.unquote_plus(sys.stdin.read()))' < FILE > key.pem`"
    )]
    UrlEncoded,

    /// A key printed by OpenSSL in decimal or hex.
    #[error(
        "these are the key's numbers as OpenSSL prints them; take the key itself, with the same command \
         without -text and -noout: `openssl rsa -in key.pem`"
    )]
    Printed,

    /// A document of a word processor.
    #[error("this is a document in rich text (RTF); save it as plain text, or copy the key again")]
    RichText,

    /// A web page.
    #[error("this is a web page; download the key itself")]
    WebPage,
}
