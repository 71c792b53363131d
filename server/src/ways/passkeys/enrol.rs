//! Adding a passkey to an account, and taking it away.

use serde::{Deserialize, Serialize};
use webauthn_rp::Registration;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationServerState,
    RegistrationVerificationOptions, Username,
};

use super::record::{Record, bytes, hash_of, text};
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, Person};
use crate::db::passkeys::{delete_passkey, insert_passkey, list_passkeys_of};
use crate::db::{UserId, users};
use crate::error::{Error, Result};
use crate::ways::{Change, WayError, Ways};

/// More than anybody has devices.
const MOST: usize = 20;

/// What is remembered between the question and the answer.
#[derive(Serialize, Deserialize)]
struct Asked {
    /// The library's own bytes, base64url.
    state: String,
    /// What the browser is to be asked, JSON.
    options: String,
}

impl Ways {
    /// Whether browsers can use passkeys here.
    pub fn offers_passkeys(&self) -> bool {
        self.0.relying.is_some()
    }

    /// Begins to add one; the page behind the ticket asks the browser.
    ///
    /// # Errors
    /// [`WayError::Gone`] where there are no passkeys.
    pub async fn begin_passkey(&self, person: &Person) -> Result<Ticket, WayError> {
        let relying = self.0.relying.as_ref().ok_or(WayError::Gone)?;
        let known = list_passkeys_of(&self.0.db, person.id).await?;
        let known = known
            .iter()
            .filter_map(|stored| Record::parse(&stored.data)?.descriptor());
        let known = known.collect();
        let asked = {
            let handle = relying.handle(person.id);
            let name = Username::try_from(person.email.as_str());
            let name = name
                .or_else(|_| Username::try_from("TempLog"))
                .map_err(|_| unusable("name"))?;
            let user = PublicKeyCredentialUserEntity {
                name,
                id: &handle,
                display_name: None,
            };
            let mut options = PublicKeyCredentialCreationOptions::passkey(&relying.id, user, known);
            // What it protects is asked for at every use anyway, and some authenticators fail over it.
            options.extensions.cred_protect = CredProtect::None;
            let (server, client) = options.start_ceremony().map_err(|_| unusable("options"))?;
            Asked {
                state: text(&server.encode().map_err(|_| unusable("clock"))?),
                options: serde_json::to_string(&client).map_err(|_| unusable("options"))?,
            }
        };
        let ticket = steps::begin(&self.0.db, Kind::NewPasskey, Some(person.id), &asked, self.now()).await?;
        Ok(ticket)
    }

    /// What the browser is to be asked, as long as somebody waits for it.
    pub async fn passkey_enrolment(&self, ticket: &Ticket, user: UserId) -> Result<Option<String>> {
        let begun = self.find_enrolment(ticket, user).await?;
        Ok(begun.map(|asked| asked.options))
    }

    async fn find_enrolment(&self, ticket: &Ticket, user: UserId) -> Result<Option<Asked>> {
        let begun: Option<Begun<Asked>> = steps::find(&self.0.db, Kind::NewPasskey, ticket, self.now()).await?;
        Ok(begun.filter(|begun| begun.user == Some(user)).map(|begun| begun.data))
    }

    /// Takes what the browser answered, once, and adds the passkey.
    ///
    /// # Errors
    /// [`WayError::Code`] if it is not an answer to what was asked; [`WayError::Gone`] if nothing was asked.
    pub async fn add_passkey(
        &self,
        person: &Person,
        ticket: &Ticket,
        answer: &str,
        name: &str,
        asker: &Asker,
    ) -> Result<(), WayError> {
        let asked = self.find_enrolment(ticket, person.id).await?.ok_or(WayError::Gone)?;
        if !steps::finish(&self.0.db, ticket).await? {
            return Err(WayError::Gone);
        }
        let (id, record) = self.check_registration(&asked, answer).ok_or(WayError::Code)?;
        let mut tx = self.0.db.begin_write().await?;
        users::lock_user(&mut tx, self.0.db.dialect(), person.id).await?;
        if list_passkeys_of(&self.0.db, person.id).await?.len() >= MOST {
            return Err(WayError::Code);
        }
        let name = name.trim();
        let device = asker.device();
        let name = if name.is_empty() {
            device.as_deref().unwrap_or("Passkey")
        } else {
            name
        };
        let added = insert_passkey(&mut tx, person.id, &hash_of(&id), name, &record.json(), self.now()).await;
        match added {
            Err(Error::Conflict) => return Err(WayError::Code),
            added => added?,
        }
        self.note_change(&mut tx, person.id, Change::PasskeyAdded, asker)
            .await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(())
    }

    fn check_registration(&self, asked: &Asked, answer: &str) -> Option<(Vec<u8>, Record)> {
        let relying = self.0.relying.as_ref()?;
        let state = RegistrationServerState::<16>::decode(&bytes(&asked.state)?).ok()?;
        let registration = Registration::from_json_relaxed(answer.as_bytes()).ok()?;
        let origins = [relying.origin.as_str()];
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let credential = match state.verify(&relying.id, &registration, &options) {
            Ok(credential) => credential,
            Err(error) => {
                tracing::info!(%error, "a passkey was not accepted");
                return None;
            }
        };
        Some((credential.id().as_ref().to_vec(), Record::new(&credential)))
    }

    /// Takes a passkey away; not if nobody could get in any more.
    ///
    /// # Errors
    /// See [`WayError`].
    pub async fn remove_passkey(&self, person: &Person, id: i64, asker: &Asker) -> Result<(), WayError> {
        let mut tx = self.0.db.begin_write().await?;
        // Locks the account: two ways taken away at once must not both be the last but one.
        users::lock_user(&mut tx, self.0.db.dialect(), person.id).await?;
        let ways = self.list(person.id, None).await?;
        if !ways.passkeys.iter().any(|passkey| passkey.id == id) {
            return Err(WayError::Gone);
        }
        if ways.count() < 2 {
            return Err(WayError::OnlyWay);
        }
        if !delete_passkey(&mut tx, person.id, id).await? {
            return Err(WayError::Gone);
        }
        self.note_change(&mut tx, person.id, Change::PasskeyRemoved, asker)
            .await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(())
    }
}

/// The library refuses what it has made itself.
pub(super) fn unusable(what: &str) -> Error {
    Error::Corrupt {
        what: "a passkey's question",
        detail: what.to_owned(),
    }
}
