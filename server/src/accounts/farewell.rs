//! Somebody leaves: the account and everything that is theirs alone goes in one transaction, and the world outside the
//! store is told.
//!
//! A home that somebody else owns too goes on without them. One that nobody would own ends: its devices are as when
//! they were sold, and what they measured is deleted.

use crate::accounts::Accounts;
use crate::auth::{Person, SessionId, end_sessions_of};
use crate::db::devices::{Device, list_devices_in};
use crate::db::households::{Role, delete_household, list_households_of, list_members, lock_roles};
use crate::db::invites::delete_invites_to;
use crate::db::outbox::delete_letters_to;
use crate::db::push_subscriptions::list_browsers;
use crate::db::{UserId, codes, users};
use crate::error::Result;
use crate::outbox::recipient_of;
use crate::products::{Handover, Product};

/// What a farewell has to tell, once it is committed.
struct Left {
    sessions: Vec<SessionId>,
    devices: Vec<Device>,
    products: Vec<Product>,
}

impl Accounts {
    /// Deletes an account, for somebody who has just proven that it is theirs. Returns the devices that are nobody's
    /// now, with the secrets that their next owner needs.
    ///
    /// # Errors
    /// The store cannot be asked; then nothing has happened.
    pub async fn delete(&self, person: &Person, handover: &Handover) -> Result<Vec<Product>> {
        let housemates = self.housemates(person.id).await?;
        let left = self.delete_all(person, handover).await?;
        let inner = &self.0;
        inner.auth.announce_ends(&left.sessions);
        handover.announce(&left.devices, housemates).await;
        inner.mails.forget(&person.email).await;
        inner.tries.forget(&person.email).await;
        inner.auth.forget(&person.email).await;
        tracing::info!(
            user = person.id.0,
            devices = left.devices.len(),
            "an account was deleted"
        );
        Ok(left.products)
    }

    /// Whoever sees something else once this person has left.
    async fn housemates(&self, person: UserId) -> Result<Vec<UserId>> {
        let mut people = Vec::new();
        for home in list_households_of(&self.0.db, person).await? {
            let members = list_members(&self.0.db, home.id).await?;
            people.extend(members.into_iter().map(|member| member.user));
        }
        Ok(people)
    }

    async fn delete_all(&self, person: &Person, handover: &Handover) -> Result<Left> {
        let inner = &self.0;
        let now = inner.clock.now();
        let mut tx = inner.db.begin_write().await?;
        users::lock_user(&mut tx, inner.db.dialect(), person.id).await?;
        let (mut devices, mut products) = (Vec::new(), Vec::new());
        for home in list_households_of(&inner.db, person.id).await? {
            // Held still, so that two owners who leave at the same moment do not each rely on the other.
            let roles = lock_roles(&mut tx, inner.db.dialect(), home.id).await?;
            let mut owners = roles.iter().filter(|(_, role)| *role == Role::Owner);
            if !owners.all(|(owner, _)| *owner == person.id) {
                continue;
            }
            for device in list_devices_in(&mut tx, home.id).await? {
                products.push(handover.shop.take_back_in(&mut tx, &device, now).await?);
                devices.push(device);
            }
            delete_household(&mut tx, home.id).await?;
        }
        for (_, browser) in list_browsers(&mut tx, &[person.id]).await? {
            delete_letters_to(&mut tx, &recipient_of(browser)).await?;
        }
        let sessions = end_sessions_of(&mut tx, person.id, None).await?;
        codes::delete_codes_to(&mut tx, &person.email).await?;
        delete_letters_to(&mut tx, &person.email).await?;
        delete_invites_to(&mut tx, &person.email).await?;
        users::delete_user(&mut tx, person.id).await?;
        tx.commit().await?;
        Ok(Left {
            sessions,
            devices,
            products,
        })
    }
}
