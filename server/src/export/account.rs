//! `account.json`: the account and what hangs on it. Never a secret, not even a hash.

use domain::time::Timestamp;
use serde_json::{Value, json};

use jiff::tz::TimeZone;

use crate::auth::device_words;
use crate::db::households::{find_role, list_households_of};
use crate::db::identities::list_identities_of;
use crate::db::outbox::list_entries_to;
use crate::db::push_subscriptions::list_push_subscriptions;
use crate::db::recovery_codes::count_recovery_codes;
use crate::db::sessions::list_sessions;
use crate::db::tokens::list_tokens;
use crate::db::totps::find_totp;
use crate::db::users::{User, find_user};
use crate::db::{Db, UserId};
use crate::error::{Error, Result};
use crate::ways::kakao::PROVIDER;
use crate::zone;

pub(super) async fn describe(db: &Db, person: UserId, now: Timestamp) -> Result<String> {
    let user = find_user(db, person).await?.ok_or(Error::NotFound)?;
    let account = json!({
        "exported_at": utc(now),
        "email": user.email,
        "email_proven_at": user.verified_at.map(utc),
        "language": user.locale,
        "degrees": user.degrees,
        "works_for_the_shop": user.operator,
        "ways_to_sign_in": ways(db, &user).await?,
        "sessions": sessions(db, person).await?,
        "tokens": tokens(db, person).await?,
        "homes": homes(db, person).await?,
        "browsers_that_are_told": browsers(db, person).await?,
        "letters": letters(db, &user.email).await?,
    });
    Ok(format!("{account:#}\n"))
}

async fn ways(db: &Db, user: &User) -> Result<Value> {
    let app = find_totp(db, user.id).await?.and_then(|totp| totp.confirmed_at);
    let kakao = list_identities_of(db, user.id, PROVIDER).await?;
    let kakao = kakao.into_iter().map(|kakao| {
        json!({
            "name": kakao.name,
            "connected_at": utc(kakao.created_at),
            "last_used_at": utc(kakao.last_used_at),
        })
    });
    Ok(json!({
        "password": user.password_hash.is_some(),
        "kakao": kakao.collect::<Vec<_>>(),
        "authenticator_app_since": app.map(utc),
        "recovery_codes_left": count_recovery_codes(db, user.id).await?,
    }))
}

async fn sessions(db: &Db, person: UserId) -> Result<Vec<Value>> {
    let session = list_sessions(db, person).await?.into_iter().map(|session| {
        json!({
            "device": device_words(&session.user_agent),
            "browser": session.user_agent,
            "ip": session.ip,
            "signed_in_at": utc(session.created_at),
            "last_used_at": utc(session.last_used_at),
            "ends_at": utc(session.expires_at),
        })
    });
    Ok(session.collect())
}

async fn tokens(db: &Db, person: UserId) -> Result<Vec<Value>> {
    let token = list_tokens(db, person).await?.into_iter().map(|token| {
        json!({
            "name": token.name,
            "may": token.scope,
            "made_at": utc(token.created_at),
            "last_used_at": token.last_used_at.map(utc),
        })
    });
    Ok(token.collect())
}

async fn homes(db: &Db, person: UserId) -> Result<Vec<Value>> {
    let mut homes = Vec::new();
    for home in list_households_of(db, person).await? {
        let role = find_role(db, home.id, person).await?;
        homes.push(json!({
            "name": home.name,
            "zone": home.zone,
            "role": role.map(crate::db::households::Role::as_str),
        }));
    }
    Ok(homes)
}

async fn browsers(db: &Db, person: UserId) -> Result<Vec<Value>> {
    let browser = list_push_subscriptions(db, person).await?.into_iter().map(|browser| {
        json!({
            "device": device_words(&browser.user_agent),
            "browser": browser.user_agent,
            "switched_on_at": utc(browser.created_at),
            "last_told_at": browser.last_ok_at.map(utc),
        })
    });
    Ok(browser.collect())
}

async fn letters(db: &Db, email: &str) -> Result<Vec<Value>> {
    let letter = list_entries_to(db, email).await?.into_iter().map(|letter| {
        json!({
            "what": letter.kind,
            "written_at": utc(letter.created_at),
            "settled_at": letter.settled_at.map(utc),
        })
    });
    Ok(letter.collect())
}

fn utc(at: Timestamp) -> String {
    zone::rfc3339(&TimeZone::UTC, at)
}
