//! Signing in with a passkey: the browser says whose it is, and proves it.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::response::CredentialId;
use webauthn_rp::response::auth::DiscoverableAuthentication;
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthenticationServerState, DiscoverableCredentialRequestOptions,
};

use super::enrol::unusable;
use super::record::{Record, bytes, hash_of, text};
use crate::auth::second_step::Awaiting;
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, Entry, Way};
use crate::db::passkeys::{StoredPasskey, find_passkey, update_passkey_used};
use crate::error::Result;
use crate::ways::Ways;

/// What is remembered between the question and the answer.
#[derive(Serialize, Deserialize)]
struct Asked {
    /// The library's own bytes, base64url.
    state: String,
    /// What the browser is to be asked, JSON.
    options: String,
    /// Where to go once in.
    next: String,
}

impl Ways {
    /// Begins a sign-in. `None` where there are no passkeys. Nobody is named: the same question for everybody.
    pub async fn ask_passkey(&self, next: &str) -> Result<Option<Ticket>> {
        let Some(relying) = &self.0.relying else {
            return Ok(None);
        };
        let asked = {
            let options = DiscoverableCredentialRequestOptions::passkey(&relying.id);
            let (server, client) = options.start_ceremony().map_err(|_| unusable("options"))?;
            Asked {
                state: text(&server.encode().map_err(|_| unusable("clock"))?),
                options: serde_json::to_string(&client).map_err(|_| unusable("options"))?,
                next: next.to_owned(),
            }
        };
        let ticket = steps::begin(&self.0.db, Kind::Passkey, None, &asked, self.now()).await?;
        Ok(Some(ticket))
    }

    /// What the browser is to be asked, as long as somebody waits for it.
    pub async fn passkey_question(&self, ticket: &Ticket) -> Result<Option<String>> {
        let begun: Option<Begun<Asked>> = steps::find(&self.0.db, Kind::Passkey, ticket, self.now()).await?;
        Ok(begun.map(|begun| begun.data.options))
    }

    /// Takes the answer, once, and lets its owner in. `None`: it proves nothing.
    pub async fn give_passkey(
        &self,
        ticket: &Ticket,
        answer: &str,
        asker: &Asker,
        headers: &HeaderMap,
    ) -> Result<Option<Entry>> {
        let begun: Option<Begun<Asked>> = steps::find(&self.0.db, Kind::Passkey, ticket, self.now()).await?;
        let Some(Begun { data: asked, .. }) = begun else {
            return Ok(None);
        };
        if !steps::finish(&self.0.db, ticket).await? {
            return Ok(None);
        }
        let Ok(proof) = DiscoverableAuthentication::<16>::from_json_relaxed(answer.as_bytes()) else {
            return Ok(None);
        };
        let Some(stored) = find_passkey(&self.0.db, &hash_of(proof.raw_id().as_ref())).await? else {
            return Ok(None);
        };
        let Some(record) = self.check_proof(&asked, &proof, &stored) else {
            return Ok(None);
        };
        // The counter must not be written by two at once: then one of them holds a copy.
        if !update_passkey_used(&self.0.db, stored.id, &stored.data, &record.json(), self.now()).await? {
            return Ok(None);
        }
        let awaiting = Awaiting {
            way: Way::Passkey,
            next: asked.next,
            connect: None,
        };
        self.0.auth.enter(stored.user, awaiting, asker, headers).await.map(Some)
    }

    fn check_proof(
        &self,
        asked: &Asked,
        proof: &DiscoverableAuthentication<16>,
        stored: &StoredPasskey,
    ) -> Option<Record> {
        let relying = self.0.relying.as_ref()?;
        let state = DiscoverableAuthenticationServerState::decode(&bytes(&asked.state)?).ok()?;
        let record = Record::parse(&stored.data)?;
        let (id, handle) = (record.id()?, relying.handle(stored.user));
        let id = CredentialId::<&[u8]>::decode(id.as_slice()).ok()?;
        let mut credential = AuthenticatedCredential::new(id, &handle, record.key()?, record.state()?).ok()?;
        let origins = [relying.origin.as_str()];
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            error_on_unsolicited_extensions: false,
            ..AuthenticationVerificationOptions::default()
        };
        match state.verify(&relying.id, proof, &mut credential, &options) {
            Ok(_) => Some(record.clone().used(credential.dynamic_state())),
            Err(error) => {
                tracing::info!(%error, "a passkey did not open its account");
                None
            }
        }
    }
}
