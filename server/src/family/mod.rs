//! Who lives with which devices: asking people in, what they may do, and how they leave.
//!
//! A household always has an owner. Every change locks the household's row first, so that two at the same moment cannot
//! leave it without one; and it is told to open pages at once, so that whoever is out sees nothing any more.

mod invite;
mod membership;
mod token;

use crate::auth::audit::{self, Action};
use crate::auth::{Asker, Person};
use crate::clock::Clock;
use crate::config::PublicUrl;
use crate::db::households::{Role, lock_roles};
use crate::db::{Db, HouseholdId, Tx, UserId};
use crate::error::Error;
use crate::live::Hub;
use crate::outbox::Outbox;

pub use invite::{INVITE_DAYS, Invitation};
pub use token::InviteToken;

/// The service; cheap to clone.
#[derive(Clone)]
pub struct Family {
    /// The store.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Sends the invites.
    pub outbox: Outbox,
    /// Open pages.
    pub hub: Hub,
    /// Where the link in an invite leads.
    pub public_url: PublicUrl,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum FamilyError {
    /// Not an address mail can be sent to.
    Address,
    /// They belong to the household already.
    AlreadyHere,
    /// So many invites wait already that these must be a mistake.
    TooMany,
    /// A household must have an owner: hand it over first.
    LastOwner,
    /// The invite was used, withdrawn, or is too old.
    Gone,
    /// Anything else; among it, that somebody may not do this, or that there is no such household or person.
    Failed(Error),
}

impl From<Error> for FamilyError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<sqlx::Error> for FamilyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The people of a household, held still by a transaction.
struct People(Vec<(UserId, Role)>);

impl People {
    /// What somebody is here; for strangers there is no such household.
    fn role_of(&self, user: UserId) -> Result<Role, Error> {
        let found = self.0.iter().find(|(member, _)| *member == user);
        found.map(|(_, role)| *role).ok_or(Error::NotFound)
    }

    /// Only owners decide about people.
    fn require_owner(&self, user: UserId) -> Result<(), Error> {
        match self.role_of(user)? {
            Role::Owner => Ok(()),
            Role::Member | Role::Viewer => Err(Error::Forbidden),
        }
    }

    /// Whether there would be an owner without this person.
    fn has_owner_besides(&self, user: UserId) -> bool {
        self.0
            .iter()
            .any(|(member, role)| *member != user && *role == Role::Owner)
    }
}

impl Family {
    async fn lock(&self, tx: &mut Tx<'_>, household: HouseholdId) -> Result<People, Error> {
        Ok(People(lock_roles(tx, self.db.dialect(), household).await?))
    }

    /// Writes into somebody's log what became of them.
    async fn note(&self, tx: &mut Tx<'_>, who: UserId, asker: &Asker, by: &Person, what: &str) -> Result<(), Error> {
        let detail = if who == by.id {
            what.to_owned()
        } else {
            format!("{what}: {}", by.email)
        };
        let now = self.clock.now();
        audit::record(tx, Some(who), Action::FamilyChanged, asker, Some(&detail), now).await
    }
}
