//! The trip to Kakao and back.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::decision::{self, Known, Next};
use super::person::{Address, KakaoPerson};
use super::{PROVIDER, Trouble};
use crate::auth::second_step::Awaiting;
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, Entry, Person, Via, Way};
use crate::db::UserId;
use crate::db::identities::{self, insert_identity, update_identity_used};
use crate::db::users::{self, insert_proven_user, reclaim_user};
use crate::error::{Error, Result};
use crate::ways::{Change, Ways};

/// What is remembered of a trip while somebody is at Kakao.
#[derive(Serialize, Deserialize)]
pub(super) struct Trip {
    /// Where the browser is sent.
    url: String,
    state: String,
    nonce: String,
    verifier: String,
    /// Where to go once they are in.
    next: String,
    /// The session that wants to connect, when it is not about signing in.
    session: Option<i64>,
}

/// What is remembered of a Kakao account until the owner of the address has proven that they are.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub subject: String,
    pub name: String,
    pub next: String,
    /// Hash of the code sent by mail, if one was asked for.
    pub code_hash: Option<String>,
    /// How many were asked for.
    pub sent: u32,
}

/// What Kakao adds to the address it sends people back to.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Callback {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    error_code: Option<String>,
}

/// How a trip ended.
pub enum Arrival {
    /// It is known who came.
    Proven(Entry),
    /// The account of this address must be proven first.
    Prove(Ticket),
    /// Kakao is connected to the account that asked for it.
    Connected,
    /// Not this way.
    Stop(Trouble),
}

impl Ways {
    /// Whether the operator has keys.
    pub fn offers_kakao(&self) -> bool {
        self.0.kakao.is_some()
    }

    /// Prepares a trip for a stranger, or for somebody who wants to connect. `None` without keys.
    pub async fn depart(&self, person: Option<&Person>, next: &str) -> Result<Option<Ticket>> {
        let Some(kakao) = &self.0.kakao else {
            return Ok(None);
        };
        let departure = kakao.depart();
        let session = match person.map(|person| person.via) {
            Some(Via::Session(session)) => Some(session.0),
            _ => None,
        };
        let trip = Trip {
            url: departure.url,
            state: departure.state,
            nonce: departure.nonce,
            verifier: departure.verifier,
            next: next.to_owned(),
            session,
        };
        let user = person.map(|person| person.id);
        let ticket = steps::begin(&self.0.db, Kind::KakaoTrip, user, &trip, self.now()).await?;
        Ok(Some(ticket))
    }

    /// Where the browser with this ticket is to be sent.
    pub async fn departure(&self, ticket: &Ticket) -> Result<Option<String>> {
        let trip: Option<Begun<Trip>> = steps::find(&self.0.db, Kind::KakaoTrip, ticket, self.now()).await?;
        Ok(trip.map(|trip| trip.data.url))
    }

    /// Takes what Kakao sent back. `person` is who is signed in by now.
    pub async fn arrive(
        &self,
        ticket: Option<Ticket>,
        callback: Callback,
        person: Option<&Person>,
        asker: &Asker,
        headers: &HeaderMap,
    ) -> Result<Arrival> {
        let Some(kakao) = &self.0.kakao else {
            return Ok(Arrival::Stop(Trouble::Expired));
        };
        let Some((owner, trip)) = self.take_trip(ticket, &callback.state).await? else {
            return Ok(Arrival::Stop(Trouble::Expired));
        };
        if let Some(error) = callback.error {
            tracing::info!(code = callback.error_code, "Kakao sent somebody back without a code");
            return Ok(Arrival::Stop(Trouble::of_login(&error, callback.error_code.as_deref())));
        }
        let code = callback.code.unwrap_or_default();
        let arrived = kakao.arrive(code, trip.verifier, &trip.nonce, self.now()).await;
        let who = match arrived {
            Ok(who) => who,
            Err(trouble) => return Ok(Arrival::Stop(trouble)),
        };
        let known = self.known(&who).await?;
        match owner {
            None => self.let_in(who, known, trip.next, asker, headers).await,
            Some(owner) if person.is_some_and(|person| is_same(person, owner, trip.session)) => {
                self.connect_to_owner(&who, owner, known, asker).await
            }
            Some(_) => Ok(Arrival::Stop(Trouble::SignedOut)),
        }
    }

    /// The trip of this ticket, if it is the one that Kakao answers; it cannot be taken twice.
    async fn take_trip(&self, ticket: Option<Ticket>, state: &str) -> Result<Option<(Option<UserId>, Trip)>> {
        let Some(ticket) = ticket else {
            return Ok(None);
        };
        let begun: Option<Begun<Trip>> = steps::find(&self.0.db, Kind::KakaoTrip, &ticket, self.now()).await?;
        // Another state is another trip's answer, or somebody's trick: this trip can still end well.
        let begun = begun.filter(|begun| begun.data.state.as_bytes().ct_eq(state.as_bytes()).into());
        match begun {
            Some(begun) if steps::finish(&self.0.db, &ticket).await? => Ok(Some((begun.user, begun.data))),
            _ => Ok(None),
        }
    }

    async fn known(&self, who: &KakaoPerson) -> Result<Known> {
        let identity = identities::find_identity(&self.0.db, PROVIDER, &who.subject).await?;
        if let Some(identity) = &identity {
            update_identity_used(&self.0.db, identity.id, self.now()).await?;
        }
        let same_address = match &who.address {
            Address::Proven(address) => users::find_user_by_email(&self.0.db, address).await?,
            Address::Unproven | Address::Missing => None,
        };
        Ok(Known {
            opens: identity.map(|identity| identity.user),
            same_address: same_address.map(|user| (user.id, user.verified_at.is_some())),
        })
    }

    async fn let_in(
        &self,
        who: KakaoPerson,
        known: Known,
        next: String,
        asker: &Asker,
        headers: &HeaderMap,
    ) -> Result<Arrival> {
        let user = match decision::for_stranger(&who.address, known) {
            Next::Enter(user) => user,
            Next::Create(address) => self.create(&who, &address, asker).await?,
            Next::Reclaim(user) => self.reclaim(&who, user, asker).await?,
            Next::Prove(user) => {
                let waiting = Waiting {
                    subject: who.subject,
                    name: who.name,
                    next,
                    code_hash: None,
                    sent: 0,
                };
                let ticket = steps::begin(&self.0.db, Kind::KakaoProof, Some(user), &waiting, self.now()).await?;
                return Ok(Arrival::Prove(ticket));
            }
            Next::Stop(trouble) => return Ok(Arrival::Stop(trouble)),
            Next::Connect(_) | Next::Settled => unreachable!("only an owner connects"),
        };
        let awaiting = Awaiting {
            way: Way::Kakao,
            next,
            connect: None,
        };
        Ok(Arrival::Proven(
            self.0.auth.enter(user, awaiting, asker, headers).await?,
        ))
    }

    async fn connect_to_owner(&self, who: &KakaoPerson, owner: UserId, known: Known, asker: &Asker) -> Result<Arrival> {
        match decision::for_owner(owner, known) {
            Next::Connect(owner) => match self.connect(owner, &who.subject, &who.name, asker).await {
                Ok(()) => Ok(Arrival::Connected),
                Err(Error::Conflict) => Ok(Arrival::Stop(Trouble::TakenByAnother)),
                Err(error) => Err(error),
            },
            Next::Stop(trouble) => Ok(Arrival::Stop(trouble)),
            _ => Ok(Arrival::Connected),
        }
    }

    /// Connects a Kakao account, writes it down and tells the owner.
    pub(in crate::ways) async fn connect(&self, user: UserId, subject: &str, name: &str, asker: &Asker) -> Result<()> {
        let mut tx = self.0.db.begin_write().await?;
        insert_identity(&mut tx, user, PROVIDER, subject, name, self.now()).await?;
        self.note_change(&mut tx, user, Change::KakaoConnected, asker).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(())
    }

    async fn create(&self, who: &KakaoPerson, address: &str, asker: &Asker) -> Result<UserId> {
        let mut tx = self.0.db.begin_write().await?;
        let user = insert_proven_user(&mut tx, address, None, asker.language.tag(), self.now()).await?;
        insert_identity(&mut tx, user, PROVIDER, &who.subject, &who.name, self.now()).await?;
        self.note_sign_up(&mut tx, user, asker).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// The address was typed by somebody who never proved it; whatever password they chose must not open it now.
    async fn reclaim(&self, who: &KakaoPerson, user: UserId, asker: &Asker) -> Result<UserId> {
        let mut tx = self.0.db.begin_write().await?;
        reclaim_user(&mut tx, user, self.now()).await?;
        insert_identity(&mut tx, user, PROVIDER, &who.subject, &who.name, self.now()).await?;
        self.note_sign_up(&mut tx, user, asker).await?;
        tx.commit().await?;
        Ok(user)
    }
}

/// Whether whoever comes back is who went: the same person in the same session.
fn is_same(person: &Person, owner: UserId, session: Option<i64>) -> bool {
    person.id == owner && matches!(person.via, Via::Session(now) if Some(now.0) == session)
}
