//! Asking somebody in, by a link that works once.

use domain::time::Timestamp;

use super::{Family, FamilyError, InviteToken};
use crate::auth::{Asker, Person};
use crate::db::households::{Role, find_household, insert_membership, list_members};
use crate::db::invites::{self, Invite, NewInvite};
use crate::db::{HouseholdId, Tx};
use crate::error::Error;
use crate::mail::{Language, Mail, is_address};
use crate::outbox::{self, Post};

/// How long a link works.
pub const INVITE_DAYS: u32 = 7;
/// Invites of one household that may wait at a time.
const MOST_WAITING: i64 = 20;
const DAY_MS: i64 = 24 * 3_600_000;
const MOST_ADDRESS_BYTES: usize = 254;

/// An invite as its reader sees it.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// What the household is called.
    pub household: String,
    /// What they are to be there.
    pub role: Role,
}

impl Family {
    /// Sends a link to an address. Whether it has an account here makes no difference, and is told to nobody.
    ///
    /// # Errors
    /// Only owners may; not an address; somebody who is here already; too many that wait.
    pub async fn invite(
        &self,
        asker: &Asker,
        person: &Person,
        household: HouseholdId,
        address: &str,
        role: Role,
    ) -> Result<(), FamilyError> {
        let address = normal_address(address).ok_or(FamilyError::Address)?;
        let (token, now) = (InviteToken::generate(), self.clock.now());
        let mut tx = self.db.begin_write().await?;
        self.lock(&mut tx, household).await?.require_owner(person.id)?;
        let members = list_members(&self.db, household).await?;
        if members.iter().any(|member| member.email == address) {
            return Err(FamilyError::AlreadyHere);
        }
        invites::delete_stale_invites(&mut tx, household, &address, now).await?;
        if invites::count_invites(&mut tx, household).await? >= MOST_WAITING {
            return Err(FamilyError::TooMany);
        }
        let invite = NewInvite {
            household,
            token_hash: &token.hash(),
            email: &address,
            role,
            invited_by: person.id,
            expires_at: now.plus_millis(i64::from(INVITE_DAYS) * DAY_MS),
        };
        invites::insert_invite(&mut tx, &invite, now).await?;
        self.send(&mut tx, asker, person, &invite, &token, now).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(())
    }

    async fn send(
        &self,
        tx: &mut Tx<'_>,
        asker: &Asker,
        person: &Person,
        invite: &NewInvite<'_>,
        token: &InviteToken,
        now: Timestamp,
    ) -> Result<(), Error> {
        let home = find_household(&self.db, invite.household)
            .await?
            .ok_or(Error::NotFound)?;
        let link = self.public_url.join(&format!("/invite?token={}", token.expose()));
        let post = Post {
            mail: Mail::Invite {
                inviter: &person.email,
                household: &home.name,
                link: &link,
                days: INVITE_DAYS,
            },
            to: invite.email,
            language: Language::of(person.locale.as_deref().or(Some(asker.language.tag()))),
            key: &format!("invite:{}", invite.token_hash),
        };
        outbox::enqueue(tx, self.db.dialect(), &post, now).await?;
        Ok(())
    }

    /// What a link invites to; `None` if it no longer does.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub async fn find_invitation(&self, token: &InviteToken) -> Result<Option<Invitation>, Error> {
        let Some(invite) = self.find_invite(token).await? else {
            return Ok(None);
        };
        let home = find_household(&self.db, invite.household).await?;
        Ok(home.map(|home| Invitation {
            household: home.name,
            role: invite.role,
        }))
    }

    /// Whoever has the link comes in, with whatever account they have.
    ///
    /// # Errors
    /// A link that no longer works; somebody who is here already, for whom it is not used up.
    pub async fn accept(&self, asker: &Asker, person: &Person, token: &InviteToken) -> Result<(), FamilyError> {
        let invite = self.find_invite(token).await?.ok_or(FamilyError::Gone)?;
        let mut tx = self.db.begin_write().await?;
        let people = self.lock(&mut tx, invite.household).await?;
        if people.role_of(person.id).is_ok() {
            return Err(FamilyError::AlreadyHere);
        }
        // Whoever deletes the row has it: a second use finds nothing.
        if !invites::delete_invite(&mut tx, invite.household, invite.id).await? {
            return Err(FamilyError::Gone);
        }
        insert_membership(&mut tx, invite.household, person.id, invite.role).await?;
        self.note(&mut tx, person.id, asker, person, invite.role.as_str())
            .await?;
        tx.commit().await?;
        self.hub.moved([person.id]);
        Ok(())
    }

    /// Takes an invite back: its link works no longer.
    ///
    /// # Errors
    /// Only owners may; one that is gone already.
    pub async fn withdraw(&self, person: &Person, household: HouseholdId, invite: i64) -> Result<(), FamilyError> {
        let mut tx = self.db.begin_write().await?;
        self.lock(&mut tx, household).await?.require_owner(person.id)?;
        if !invites::delete_invite(&mut tx, household, invite).await? {
            return Err(FamilyError::Gone);
        }
        tx.commit().await?;
        Ok(())
    }

    async fn find_invite(&self, token: &InviteToken) -> Result<Option<Invite>, Error> {
        invites::find_invite(&self.db, &token.hash(), self.clock.now()).await
    }
}

fn normal_address(typed: &str) -> Option<String> {
    let address = typed.trim().to_lowercase();
    (address.len() <= MOST_ADDRESS_BYTES && is_address(&address)).then_some(address)
}
