//! Accounts, for their own pages.

use app::api::accounts::{AccountView, Awaited, EndingHome, EventView, FarewellView, SessionView};
use app::backend::{Accounts, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;
use axum::http::HeaderMap;
use domain::time::Timestamp;
use jiff::tz::TimeZone;

use super::ServerBackend;
use crate::accounts::{Purpose, Ticket};
use crate::auth::audit::Action;
use crate::auth::device_words;
use crate::db::audit_events::{AuditEvent, list_audit_events};
use crate::db::households::Role;
use crate::db::sessions::{Session, list_sessions};
use crate::db::{UserId, devices, households, users};
use crate::error::{Error, Result};
use crate::zone;

/// How much of the past is shown.
const EVENTS: u32 = 50;
/// How much of it may be what strangers can cause.
const EVENTS_OF_STRANGERS: u32 = 10;
/// Of people who have no home here yet.
const DEFAULT_ZONE: &str = "Asia/Seoul";

impl ServerBackend {
    async fn find_account(&self, who: UserId) -> Result<AccountView> {
        let user = users::find_user(&self.db, who).await?.ok_or(Error::NotFound)?;
        let tz = self.zone_of(who).await?;
        let events = list_audit_events(&self.db, who, EVENTS, Action::OF_STRANGERS, EVENTS_OF_STRANGERS).await?;
        Ok(AccountView {
            email: user.email,
            has_password: user.password_hash.is_some(),
            events: events.into_iter().map(|event| event_view(&tz, event)).collect(),
        })
    }

    async fn list_sessions_of(&self, who: UserId, headers: &HeaderMap) -> Result<Vec<SessionView>> {
        let tz = self.zone_of(who).await?;
        let current = self.auth.session_named_in(headers).map(|session| session.0);
        let now = self.clock.now();
        let sessions = list_sessions(&self.db, who).await?.into_iter();
        let alive = sessions.filter(|session| now < session.expires_at);
        Ok(alive.map(|session| session_view(&tz, session, current)).collect())
    }

    async fn find_farewell(&self, who: UserId, session: Option<i64>) -> Result<FarewellView> {
        let ways = self.ways.list(who, session).await?;
        let devices = devices::list_devices_of(&self.db, who).await?;
        let mut homes = Vec::new();
        for home in households::list_households_of(&self.db, who).await? {
            let members = households::list_members(&self.db, home.id).await?;
            let owners = members.iter().filter(|member| member.role == Role::Owner);
            let is_last = owners.map(|member| member.user).eq([who]);
            if is_last {
                homes.push(EndingHome {
                    devices: devices
                        .iter()
                        .filter(|device| device.household == Some(home.id))
                        .count(),
                    others: members.len() - 1,
                    name: home.name,
                });
            }
        }
        Ok(FarewellView {
            has_password: ways.has_password,
            fresh: ways.fresh,
            homes,
        })
    }

    /// Where the person's home is.
    pub(super) async fn zone_of(&self, who: UserId) -> Result<TimeZone> {
        let home = households::list_households_of(&self.db, who).await?.into_iter().next();
        Ok(zone::find_or_utc(home.as_ref().map_or(DEFAULT_ZONE, |home| &home.zone)))
    }
}

#[async_trait]
impl Accounts for ServerBackend {
    async fn awaited(&self, what: Awaited, headers: HeaderMap) -> Result<Option<String>, AppError> {
        let purpose = match what {
            Awaited::SignUp => Purpose::SignUp,
            Awaited::ResetPassword => Purpose::ResetPassword,
            Awaited::ChangeAddress => Purpose::ChangeAddress,
        };
        let ticket = self.auth.cookies().ticket(&headers).and_then(Ticket::parse);
        Ok(self.accounts.awaited(purpose, ticket.as_ref()).await?)
    }

    async fn account(&self, who: Who) -> Result<AccountView, AppError> {
        Ok(self.find_account(UserId(who.0)).await?)
    }

    async fn farewell(&self, who: Who, session: Option<i64>) -> Result<FarewellView, AppError> {
        Ok(self.find_farewell(UserId(who.0), session).await?)
    }

    async fn sessions(&self, who: Who, headers: HeaderMap) -> Result<Vec<SessionView>, AppError> {
        Ok(self.list_sessions_of(UserId(who.0), &headers).await?)
    }
}

fn event_view(tz: &TimeZone, event: AuditEvent) -> EventView {
    EventView {
        at: event.at.as_millis(),
        local: zone::rfc3339(tz, event.at),
        action: event.action,
        device: event.device,
        ip: event.ip,
        detail: event.detail,
    }
}

fn session_view(tz: &TimeZone, session: Session, current: Option<i64>) -> SessionView {
    let local = |at: Timestamp| zone::rfc3339(tz, at);
    SessionView {
        id: session.id,
        device: device_words(&session.user_agent),
        ip: session.ip,
        since: session.created_at.as_millis(),
        since_local: local(session.created_at),
        used: session.last_used_at.as_millis(),
        used_local: local(session.last_used_at),
        current: current == Some(session.id),
    }
}
