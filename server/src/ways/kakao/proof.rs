//! Back from Kakao with an address that has an account here: its owner proves that they are, once.
//!
//! Kakao's word for the address is not enough to open an account that it did not make. The account's own password is
//! proof, and so is a code that only the reader of its mail can know.

use axum::http::HeaderMap;
use domain::serial::MailCode;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::trip::Waiting;
use crate::auth::second_step::{Awaiting, Connect};
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, Entry, RetryAfter, SignInError, Way};
use crate::db::users::{self, User};
use crate::error::{Error, Result};
use crate::mail::Mail;
use crate::outbox::{Post, enqueue};
use crate::ways::Ways;

/// How often a wrong proof may be given before the trip must begin anew.
const MAX_TRIES: u32 = 5;
/// How many codes may be asked for in one trip.
const MAX_MAILS: u32 = 3;

/// What the owner shows.
pub enum Proof {
    /// The account's password.
    Password(String),
    /// The code from the mail.
    Code(String),
}

/// Why it was not enough.
#[derive(Debug)]
pub enum ProofError {
    /// Not the password.
    Password,
    /// Not the code.
    Code,
    /// Too often.
    Limited(RetryAfter),
    /// Too late, too often, or in another browser: begin anew.
    Over,
    /// The database could not be asked.
    Failed(Error),
}

/// What a page must know to ask for the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingProof {
    /// Address of the account that is there.
    pub email: String,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether a code is on its way.
    pub code_sent: bool,
}

impl From<Error> for ProofError {
    fn from(error: Error) -> Self {
        match error {
            // Somebody else has connected it meanwhile.
            Error::Conflict => Self::Over,
            error => Self::Failed(error),
        }
    }
}

impl Ways {
    /// What is to be proven by the browser with this ticket.
    pub async fn pending_proof(&self, ticket: &Ticket) -> Result<Option<PendingProof>> {
        let Some((user, begun)) = self.find_waiting(ticket).await? else {
            return Ok(None);
        };
        Ok(Some(PendingProof {
            has_password: user.password_hash.is_some(),
            code_sent: begun.data.code_hash.is_some(),
            email: user.email,
        }))
    }

    /// Sends a code to the account's address. `from` pays for it.
    ///
    /// # Errors
    /// See [`ProofError`].
    pub async fn send_proof_code(&self, ticket: &Ticket, asker: &Asker) -> Result<(), ProofError> {
        let Some((user, mut begun)) = self.find_waiting(ticket).await? else {
            return Err(ProofError::Over);
        };
        if begun.data.sent >= MAX_MAILS {
            return Err(ProofError::Over);
        }
        self.0.auth.count_attempt(asker, &user.email).await.map_err(not_code)?;
        let code = MailCode::from_bits(rand::random());
        begun.data.code_hash = Some(hash(ticket, code));
        begun.data.sent += 1;
        steps::update(&self.0.db, ticket, &begun.data).await?;
        let key = format!("kakao-proof:{:032x}", rand::random::<u128>());
        let minutes = u32::try_from(steps::LIFETIME_MS / 60_000).unwrap_or(1);
        let post = Post {
            mail: Mail::VerifyAddress {
                code: &code.to_string(),
                minutes,
            },
            to: &user.email,
            language: asker.language,
            key: &key,
        };
        let mut tx = self.0.db.begin_write().await?;
        enqueue(&mut tx, self.0.db.dialect(), &post, self.now()).await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(())
    }

    /// Takes the proof, connects the Kakao account and lets its owner in.
    ///
    /// # Errors
    /// See [`ProofError`].
    pub async fn prove(
        &self,
        ticket: &Ticket,
        proof: Proof,
        asker: &Asker,
        headers: &HeaderMap,
    ) -> Result<Entry, ProofError> {
        let Some((user, begun)) = self.find_waiting(ticket).await? else {
            return Err(ProofError::Over);
        };
        if !steps::count_try(&self.0.db, ticket, MAX_TRIES).await? {
            steps::finish(&self.0.db, ticket).await?;
            return Err(ProofError::Over);
        }
        match proof {
            Proof::Password(password) => self.check_password(asker, &user, password).await?,
            Proof::Code(code) => self.check_code(asker, ticket, &user, &begun.data, &code).await?,
        }
        if !steps::finish(&self.0.db, ticket).await? {
            return Err(ProofError::Over);
        }
        let Waiting {
            subject, name, next, ..
        } = begun.data;
        let way = Way::Kakao;
        let mut connect = Some(Connect { subject, name });
        // Half a proof connects nothing: then the second step does it.
        if !self.0.auth.needs_code(user.id, way).await?
            && let Some(connect) = connect.take()
        {
            self.connect(user.id, &connect.subject, &connect.name, asker).await?;
        }
        let awaiting = Awaiting { way, next, connect };
        Ok(self.0.auth.enter(user.id, awaiting, asker, headers).await?)
    }

    async fn find_waiting(&self, ticket: &Ticket) -> Result<Option<(User, Begun<Waiting>)>> {
        let begun: Option<Begun<Waiting>> = steps::find(&self.0.db, Kind::KakaoProof, ticket, self.now()).await?;
        let Some((begun, id)) = begun.and_then(|begun| begun.user.map(|id| (begun, id))) else {
            return Ok(None);
        };
        let user = users::find_user(&self.0.db, id).await?;
        Ok(user.map(|user| (user, begun)))
    }

    async fn check_password(&self, asker: &Asker, user: &User, password: String) -> Result<(), ProofError> {
        // An address that was never proven has a password that anybody may have chosen.
        if user.verified_at.is_none() {
            return Err(ProofError::Password);
        }
        let checked = self.0.auth.confirm_password_of(asker, user.id, &user.email, password);
        checked.await.map_err(|error| match error {
            SignInError::Credentials => ProofError::Password,
            other => not_code(other),
        })
    }

    async fn check_code(
        &self,
        asker: &Asker,
        ticket: &Ticket,
        user: &User,
        waiting: &Waiting,
        code: &str,
    ) -> Result<(), ProofError> {
        self.0.auth.count_attempt(asker, &user.email).await.map_err(not_code)?;
        let given = code.parse::<MailCode>().map(|code| hash(ticket, code));
        let sent = waiting.code_hash.as_deref().unwrap_or_default();
        let is_right = given.is_ok_and(|given| given.as_bytes().ct_eq(sent.as_bytes()).into());
        if !is_right {
            return Err(ProofError::Code);
        }
        self.0.auth.attempt_succeeded(asker, &user.email).await;
        Ok(())
    }
}

fn not_code(error: SignInError) -> ProofError {
    match error {
        SignInError::Credentials => ProofError::Code,
        SignInError::Limited(wait) => ProofError::Limited(wait),
        SignInError::Failed(error) => ProofError::Failed(error),
    }
}

/// Bound to the ticket, of which the database does not know the text: 40 bits alone could be searched.
fn hash(ticket: &Ticket, code: MailCode) -> String {
    let mut hash = Sha256::new();
    hash.update(ticket.text());
    hash.update(code.as_str());
    format!("{:x}", hash.finalize())
}
