//! DER, from PEM blocks and binary files. The content decides the type, whatever the label says.

use rsa::RsaPublicKey;
use rsa::pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::pkcs8::der::asn1::AnyRef;
use rsa::pkcs8::der::{Decode as _, Tag, Tagged};
use rsa::pkcs8::{AlgorithmIdentifierRef, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use super::key::Key;
use super::ssh;
use crate::{AddressError, KeyError, KeyForm, numbers};

/// Reads a binary file.
pub(super) fn read_file(bytes: &[u8]) -> Result<Key, KeyError> {
    match bytes {
        [0x30, ..] => read(bytes),
        _ if bytes.starts_with(ssh::PRIVATE) => ssh::read_private(bytes),
        _ if bytes.starts_with(ssh::PUBLIC) => ssh::read_public(bytes),
        [0xfe, 0xed, 0xfe, 0xed, ..] => Err(KeyForm::JavaKeyStore.into()),
        [0x1e, 0xf1, 0xb5, 0xb0, ..] => Err(KeyForm::Pvk.into()),
        [0x06 | 0x07, 0x02, 0, 0, ..] => Err(KeyForm::MsBlob.into()),
        // Packets of a secret or public key (RFC 9580, section 4.2).
        [0x94..=0x9b | 0xc5 | 0xc6, ..] => Err(KeyForm::OpenPgp.into()),
        _ => Err(KeyError::NotPem),
    }
}

/// Reads private keys in PKCS#1 and PKCS#8, and public keys in PKCS#1 and SubjectPublicKeyInfo.
pub(super) fn read(der: &[u8]) -> Result<Key, KeyError> {
    if let Ok(parts) = RsaPrivateKeyRef::from_der(der) {
        return private(der, &parts);
    }
    if let Ok(info) = PrivateKeyInfoRef::from_der(der) {
        check_algorithm(&info.algorithm)?;
        let der = info.private_key.as_bytes();
        return private(der, &RsaPrivateKeyRef::from_der(der).map_err(|_| KeyError::Malformed)?);
    }
    if let Ok(info) = SubjectPublicKeyInfoRef::from_der(der) {
        check_algorithm(&info.algorithm)?;
        return public(info.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?);
    }
    if RsaPublicKeyRef::from_der(der).is_ok() {
        return public(der);
    }
    Err(form(der).map_or(KeyError::Malformed, KeyError::Form))
}

fn private(der: &[u8], parts: &RsaPrivateKeyRef<'_>) -> Result<Key, KeyError> {
    if parts.other_prime_infos.is_some() {
        return Err(KeyForm::ManyPrimes.into());
    }
    numbers::private_pkcs1(der).map(Key::from)
}

fn public(der: &[u8]) -> Result<Key, KeyError> {
    let key: Result<RsaPublicKey, AddressError> = numbers::public_pkcs1(der);
    Ok(Key::Public(key?))
}

/// Refuses other algorithms than RSA, by name.
fn check_algorithm(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyError> {
    if numbers::is_rsa(algorithm) {
        return Ok(());
    }
    let name = match algorithm.oid.to_string().as_str() {
        "1.2.840.10045.2.1" => "elliptic-curve",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.3.1" | "1.2.840.10046.2.1" => "Diffie-Hellman",
        "1.2.840.113549.1.1.10" => "RSA-PSS with parameters",
        _ => "another one",
    };
    Err(KeyForm::Algorithm(name).into())
}

/// Recognises other formats that start with a SEQUENCE, by the tags inside.
fn form(der: &[u8]) -> Option<KeyForm> {
    // Indefinite-length BER, as Java and browsers write PKCS#12.
    if der.starts_with(&[0x30, 0x80, 0x02, 0x01, 0x03]) {
        return Some(KeyForm::Pkcs12);
    }
    let parts = Vec::<AnyRef<'_>>::from_der(der).ok()?;
    let tags: Vec<Tag> = parts.iter().map(Tagged::tag).collect();
    let first = parts.first()?.value();
    match (tags.as_slice(), first) {
        ([Tag::Integer, Tag::Sequence, ..], [3]) => Some(KeyForm::Pkcs12),
        // signedData (RFC 2315).
        ([Tag::ObjectIdentifier, ..], [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]) => {
            Some(KeyForm::Pkcs7)
        }
        ([Tag::Sequence, Tag::OctetString], _) => Some(KeyForm::EncryptedDer),
        ([Tag::Integer, Tag::OctetString, ..], [1]) => Some(KeyForm::Algorithm("elliptic-curve")),
        ([Tag::Integer, .., Tag::Integer], [0]) if tags.len() == 6 => Some(KeyForm::Algorithm("DSA")),
        // A request's version 0 (RFC 2986), a certificate's version in a tag of its own or its serial number (RFC 5280).
        ([Tag::Sequence, Tag::Sequence, Tag::BitString], [0x02, 0x01, 0x00, 0x30, ..]) => {
            Some(KeyForm::Request("DER"))
        }
        ([Tag::Sequence, Tag::Sequence, Tag::BitString], _) => Some(KeyForm::Certificate("DER")),
        _ => None,
    }
}
