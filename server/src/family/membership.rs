//! What people are in a household, and how they leave it.

use super::{Family, FamilyError};
use crate::auth::{Asker, Person};
use crate::db::households::{Role, delete_membership, update_role};
use crate::db::{HouseholdId, UserId};

impl Family {
    /// Makes somebody a member or a viewer.
    ///
    /// # Errors
    /// Only owners may; the last owner stays one.
    pub async fn set_role(
        &self,
        asker: &Asker,
        person: &Person,
        household: HouseholdId,
        user: UserId,
        role: Role,
    ) -> Result<(), FamilyError> {
        let mut tx = self.db.begin_write().await?;
        let people = self.lock(&mut tx, household).await?;
        people.require_owner(person.id)?;
        people.role_of(user)?;
        if role != Role::Owner && !people.has_owner_besides(user) {
            return Err(FamilyError::LastOwner);
        }
        update_role(&mut tx, household, user, role).await?;
        self.note(&mut tx, user, asker, person, role.as_str()).await?;
        tx.commit().await?;
        self.hub.moved([user]);
        Ok(())
    }

    /// Somebody else is the owner from now on, and the one who was is a member.
    ///
    /// # Errors
    /// Only owners may, and only to somebody who belongs to the household.
    pub async fn hand_over(
        &self,
        asker: &Asker,
        person: &Person,
        household: HouseholdId,
        user: UserId,
    ) -> Result<(), FamilyError> {
        let mut tx = self.db.begin_write().await?;
        let people = self.lock(&mut tx, household).await?;
        people.require_owner(person.id)?;
        people.role_of(user)?;
        if user == person.id {
            return Ok(());
        }
        update_role(&mut tx, household, user, Role::Owner).await?;
        update_role(&mut tx, household, person.id, Role::Member).await?;
        self.note(&mut tx, user, asker, person, Role::Owner.as_str()).await?;
        self.note(&mut tx, person.id, asker, person, Role::Member.as_str())
            .await?;
        tx.commit().await?;
        self.hub.moved([user, person.id]);
        Ok(())
    }

    /// Somebody belongs to the household no longer: another one at their owner's word, or oneself at one's own.
    ///
    /// # Errors
    /// Only owners may remove others; the last owner cannot leave.
    pub async fn remove(
        &self,
        asker: &Asker,
        person: &Person,
        household: HouseholdId,
        user: UserId,
    ) -> Result<(), FamilyError> {
        let mut tx = self.db.begin_write().await?;
        let people = self.lock(&mut tx, household).await?;
        if user == person.id {
            people.role_of(user)?;
        } else {
            people.require_owner(person.id)?;
            people.role_of(user)?;
        }
        if !people.has_owner_besides(user) {
            return Err(FamilyError::LastOwner);
        }
        delete_membership(&mut tx, household, user).await?;
        self.note(&mut tx, user, asker, person, "left").await?;
        tx.commit().await?;
        self.hub.moved([user]);
        Ok(())
    }
}
