//! A passkey authenticator in software: what a phone answers when a page asks for a passkey, and what a thief might.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// User present, user verified, attested credential data.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// One device with one passkey.
pub struct Authenticator {
    key: SigningKey,
    id: [u8; 32],
    handle: String,
    rp_id: String,
    /// Goes up with every use, as on a hardware key.
    pub count: u32,
    /// Whether its owner shows who they are.
    pub verifies: bool,
    /// The page that asks, as the browser sees it.
    pub origin: String,
}

impl Authenticator {
    /// Without a passkey yet.
    pub fn at(origin: &str) -> Self {
        let key = loop {
            if let Ok(key) = SigningKey::from_slice(&rand::random::<[u8; 32]>()) {
                break key;
            }
        };
        Self {
            key,
            id: rand::random(),
            handle: String::new(),
            rp_id: String::new(),
            count: 1,
            verifies: true,
            origin: origin.to_owned(),
        }
    }

    /// A copy that knows the private key: what must not exist.
    pub fn copy(&self) -> Self {
        Self {
            key: self.key.clone(),
            id: self.id,
            handle: self.handle.clone(),
            rp_id: self.rp_id.clone(),
            origin: self.origin.clone(),
            ..*self
        }
    }

    /// Makes a passkey, and says so as the browser does (`RegistrationResponseJSON`).
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        self.rp_id = text(&options["rp"]["id"]);
        self.handle = text(&options["user"]["id"]);
        let client = self.client_data("webauthn.create", &options);
        let point = self.key.verifying_key().to_encoded_point(false);
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend_from_slice(point.x().expect("a point"));
        key.extend_from_slice(&[0x22, 0x58, 0x20]);
        key.extend_from_slice(point.y().expect("a point"));
        let mut data = self.authenticator_data(ATTESTED);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 32]);
        data.extend_from_slice(&self.id);
        data.extend_from_slice(&key);
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut object = vec![0xa3, 0x63];
        object.extend_from_slice(b"fmt");
        object.push(0x64);
        object.extend_from_slice(b"none");
        object.push(0x67);
        object.extend_from_slice(b"attStmt");
        object.extend_from_slice(&[0xa0, 0x68]);
        object.extend_from_slice(b"authData");
        object.extend_from_slice(&[0x58, u8::try_from(data.len()).expect("short")]);
        object.extend_from_slice(&data);
        let id = encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client.as_bytes()),
                "attestationObject": encode(&object),
                "transports": ["internal"],
            },
        })
        .to_string()
    }

    /// Uses the passkey (`AuthenticationResponseJSON`).
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        self.count += 1;
        let client = self.client_data("webauthn.get", &options);
        let data = self.authenticator_data(0);
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        let id = encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client.as_bytes()),
                "authenticatorData": encode(&data),
                "signature": encode(signature.to_der().as_bytes()),
                "userHandle": self.handle,
            },
        })
        .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let (challenge, origin) = (text(&options["challenge"]), &self.origin);
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(&self.rp_id).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend_from_slice(&self.count.to_be_bytes());
        data
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
