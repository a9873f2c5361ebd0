//! The public key with which signatures are verified.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::hex::hex;

/// An Ed25519 public key, and the digest under which people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyKey {
    key: VerifyingKey,
    fingerprint: String,
}

/// What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410).
const PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

impl VerifyKey {
    /// Reads a key from PEM text, `-----BEGIN PUBLIC KEY-----`; the error is a sentence.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let not_a_key = || "this is no public key in PEM form".to_owned();
        if text.contains("PRIVATE KEY") {
            return Err(
                "this is a private key; signatures are verified with the public one, \
                which `openssl pkey -pubout` writes"
                    .to_owned(),
            );
        }
        let (_, inner) = text
            .split_once("-----BEGIN PUBLIC KEY-----")
            .ok_or_else(not_a_key)?;
        let (inner, _) = inner
            .split_once("-----END PUBLIC KEY-----")
            .ok_or_else(not_a_key)?;
        let digits: String = inner.split_whitespace().collect();
        let der = STANDARD
            .decode(digits)
            .map_err(|error| format!("{}: its text cannot be decoded, {error}", not_a_key()))?;
        let bytes = der.strip_prefix(&PREFIX);
        let bytes = bytes.ok_or("this is no Ed25519 key, and only those are verified")?;
        let bytes: &[u8; 32] = bytes
            .try_into()
            .map_err(|error| format!("this is no Ed25519 key: {error}"))?;
        let key = VerifyingKey::from_bytes(bytes)
            .map_err(|error| format!("this is no point that a key could be: {error}"))?;
        let fingerprint = hex(&Sha256::digest(&der));
        Ok(Self { key, fingerprint })
    }

    /// The SHA-256 of the key's DER form, 64 hexadecimal digits: names it in reports.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether this is the key's signature of the message; weak keys and forms are refused.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAAcCurEfxtx2IHEqMt/vXU8p+Qza80saGEHkovDzqph8=
-----END PUBLIC KEY-----
";

    #[test]
    fn a_public_key_is_read_and_named_by_its_digest() {
        let key = VerifyKey::from_pem(PEM).expect("a key");
        assert_eq!(key.fingerprint().len(), 64);
        let with_windows_lines = PEM.replace('\n', "\r\n");
        assert_eq!(VerifyKey::from_pem(&with_windows_lines), Ok(key));
    }

    #[test]
    fn anything_else_is_refused_in_a_sentence() {
        for bad in [
            "",
            "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMCow\n-----END PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----",
        ] {
            let why = VerifyKey::from_pem(bad).expect_err(bad);
            assert!(why.starts_with("this is"), "{why}");
        }
    }
}
