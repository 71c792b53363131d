//! A passkey as it is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use webauthn_rp::RegisteredCredential;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::PublicKeyCredentialDescriptor;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};

/// The public key, as the library keeps it.
pub(super) type Key = StaticState<CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>>;

/// Column `data`: the library's own bytes, base64url.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Record {
    id: String,
    transports: u8,
    key: String,
    state: String,
}

impl Record {
    pub fn new(credential: &RegisteredCredential<'_, 16>) -> Self {
        let Ok(transports) = credential.transports().encode();
        let Ok(key) = credential.static_state().encode();
        Self {
            id: text(credential.id().as_ref()),
            transports,
            key: text(&key),
            state: state_text(credential.dynamic_state()),
        }
    }

    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("texts make valid JSON")
    }

    /// With what has changed by being used.
    pub fn used(self, state: DynamicState) -> Self {
        let state = state_text(state);
        Self { state, ..self }
    }

    pub fn id(&self) -> Option<Vec<u8>> {
        bytes(&self.id)
    }

    pub fn key(&self) -> Option<Key> {
        Key::decode(&bytes(&self.key)?).ok()
    }

    pub fn state(&self) -> Option<DynamicState> {
        DynamicState::decode(bytes(&self.state)?.try_into().ok()?).ok()
    }

    /// What a browser needs to know to leave out an authenticator that has one already.
    pub fn descriptor(&self) -> Option<PublicKeyCredentialDescriptor<Vec<u8>>> {
        Some(PublicKeyCredentialDescriptor {
            id: CredentialId::<Vec<u8>>::decode(self.id()?).ok()?,
            transports: AuthTransports::decode(self.transports).ok()?,
        })
    }
}

/// By what a passkey is found.
pub(super) fn hash_of(id: &[u8]) -> String {
    format!("{:x}", Sha256::digest(id))
}

pub(super) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn state_text(state: DynamicState) -> String {
    let Ok(state) = state.encode();
    text(&state)
}
