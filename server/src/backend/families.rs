//! Households, for the family page.

use app::api::family::{FamilyView, InvitationView, InviteView, MemberView, RoleView};
use app::backend::{Families, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;

use super::ServerBackend;
use crate::db::UserId;
use crate::db::households::{Household, Role, list_households_of, list_members};
use crate::db::invites::list_invites;
use crate::error::Result;
use crate::family::InviteToken;
use crate::zone;

impl ServerBackend {
    async fn list_families(&self, who: UserId) -> Result<Vec<FamilyView>> {
        let mut families = Vec::new();
        for household in list_households_of(&self.db, who).await? {
            families.extend(self.family_of(who, household).await?);
        }
        Ok(families)
    }

    /// `None` if the person has left it this very moment.
    async fn family_of(&self, who: UserId, household: Household) -> Result<Option<FamilyView>> {
        let members = list_members(&self.db, household.id).await?;
        let Some(role) = members
            .iter()
            .find(|member| member.user == who)
            .map(|member| member.role)
        else {
            return Ok(None);
        };
        let member = |member: crate::db::households::Member| MemberView {
            user: member.user.0,
            is_asker: member.user == who,
            email: member.email,
            role: role_view(member.role),
        };
        Ok(Some(FamilyView {
            household: household.id.0,
            role: role_view(role),
            invites: if role == Role::Owner {
                self.invites_of(&household).await?
            } else {
                Vec::new()
            },
            name: household.name,
            members: members.into_iter().map(member).collect(),
        }))
    }

    async fn invites_of(&self, household: &Household) -> Result<Vec<InviteView>> {
        let tz = zone::find_or_utc(&household.zone);
        let invites = list_invites(&self.db, household.id, self.clock.now()).await?;
        let view = |invite: crate::db::invites::Invite| InviteView {
            id: invite.id,
            email: invite.email,
            role: role_view(invite.role),
            until: invite.expires_at.as_millis(),
            until_local: zone::rfc3339(&tz, invite.expires_at),
        };
        Ok(invites.into_iter().map(view).collect())
    }
}

#[async_trait]
impl Families for ServerBackend {
    async fn families(&self, who: Who) -> Result<Vec<FamilyView>, AppError> {
        Ok(self.list_families(UserId(who.0)).await?)
    }

    async fn invitation(&self, token: &str) -> Result<Option<InvitationView>, AppError> {
        let Some(token) = InviteToken::parse(token) else {
            return Ok(None);
        };
        let found = self.family.find_invitation(&token).await?;
        Ok(found.map(|invitation| InvitationView {
            household: invitation.household,
            role: role_view(invitation.role),
        }))
    }
}

fn role_view(role: Role) -> RoleView {
    match role {
        Role::Owner => RoleView::Owner,
        Role::Member => RoleView::Member,
        Role::Viewer => RoleView::Viewer,
    }
}
