//! Table `users`: people who can sign in.

use domain::time::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};

use super::{Db, Dialect, Tx, UserId};
use crate::error::{Error, Result};

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// Row number.
    pub id: UserId,
    /// Address, lower case.
    pub email: String,
    /// argon2id as a PHC string; `None`: this person signs in another way.
    pub password_hash: Option<String>,
    /// Language for pages and messages, if chosen.
    pub locale: Option<String>,
    /// Unit of temperatures in messages, `c` or `f`, if chosen.
    pub degrees: Option<String>,
    /// When the address was proven, if it was.
    pub verified_at: Option<Timestamp>,
    /// Whether this person works for the seller.
    pub operator: bool,
}

/// A person to be stored.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    /// Address; stored in lower case.
    pub email: &'a str,
    /// argon2id as a PHC string.
    pub password_hash: Option<&'a str>,
    /// When the address was proven, if it was.
    pub verified_at: Option<Timestamp>,
    /// Whether this person works for the seller.
    pub operator: bool,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    email: String,
    password_hash: Option<String>,
    locale: Option<String>,
    degrees: Option<String>,
    verified_at: Option<i64>,
    operator: i64,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: UserId(row.id),
            email: row.email,
            password_hash: row.password_hash,
            locale: row.locale,
            degrees: row.degrees,
            verified_at: row.verified_at.map(Timestamp::from_millis),
            operator: row.operator != 0,
        }
    }
}

/// The person with this address, in whatever case it was typed.
pub async fn find_user_by_email(db: &Db, email: &str) -> Result<Option<User>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, password_hash, locale, degrees, verified_at, operator FROM users WHERE email = ?",
    )
    .bind(normal(email))
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(User::from))
}

/// The person with this number.
pub async fn find_user(db: &Db, id: UserId) -> Result<Option<User>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, password_hash, locale, degrees, verified_at, operator FROM users WHERE id = ?",
    )
    .bind(id.0)
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(User::from))
}

/// Stores a person. [`Error::Conflict`] if the address is taken.
pub async fn insert_user(db: &Db, user: &NewUser<'_>, now: Timestamp) -> Result<UserId> {
    let inserted = sqlx::query_scalar(
        "INSERT INTO users (email, password_hash, verified_at, operator, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(normal(user.email))
    .bind(user.password_hash.map(str::to_owned))
    .bind(user.verified_at.map(Timestamp::as_millis))
    .bind(i64::from(user.operator))
    .bind(now.as_millis())
    .fetch_one(db.pool())
    .await;
    inserted.map(UserId).map_err(taken)
}

/// Stores a person who has just proven their address. [`Error::Conflict`] if it is taken.
pub async fn insert_proven_user(
    tx: &mut Tx<'_>,
    email: &str,
    password_hash: Option<&str>,
    locale: &str,
    now: Timestamp,
) -> Result<UserId> {
    let inserted = sqlx::query_scalar(
        "INSERT INTO users (email, password_hash, locale, verified_at, operator, created_at) VALUES (?, ?, ?, ?, 0, ?) \
         RETURNING id",
    )
    .bind(normal(email))
    .bind(password_hash.map(str::to_owned))
    .bind(locale.to_owned())
    .bind(now.as_millis())
    .bind(now.as_millis())
    .fetch_one(&mut **tx)
    .await;
    inserted.map(UserId).map_err(taken)
}

/// The person with this number, as the transaction sees them.
pub async fn find_user_in(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, password_hash, locale, degrees, verified_at, operator FROM users WHERE id = ?",
    )
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(User::from))
}

/// Makes everybody else wait who is about to change what opens this person's account.
pub async fn lock_user(tx: &mut Tx<'_>, dialect: Dialect, id: UserId) -> Result<()> {
    let sql = format!("SELECT id FROM users WHERE id = ?{}", dialect.for_update());
    sqlx::query(AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(())
}

/// The address belongs to somebody else than who typed it first: what they chose does not count.
pub async fn reclaim_user(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = NULL, verified_at = ? WHERE id = ?")
        .bind(now.as_millis())
        .bind(id.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Replaces the password.
pub async fn update_password_hash(tx: &mut Tx<'_>, id: UserId, password_hash: &str) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = ? WHERE id = ?")
        .bind(password_hash.to_owned())
        .bind(id.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Replaces the address by one that has been proven. [`Error::Conflict`] if it is taken.
pub async fn update_email(tx: &mut Tx<'_>, id: UserId, email: &str, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE users SET email = ?, verified_at = ? WHERE id = ?")
        .bind(normal(email))
        .bind(now.as_millis())
        .bind(id.0)
        .execute(&mut **tx)
        .await
        .map_err(taken)?;
    Ok(())
}

/// Forgets a person and what hangs on them: sessions, tokens, memberships, codes, events.
pub async fn delete_user(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    sqlx::query("DELETE FROM users WHERE id = ?")
        .bind(id.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Remembers the language for pages and messages.
pub async fn update_locale(db: &Db, id: UserId, locale: &str) -> Result<()> {
    sqlx::query("UPDATE users SET locale = ? WHERE id = ?")
        .bind(locale.to_owned())
        .bind(id.0)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Remembers the unit of temperatures for messages: `c` or `f`.
pub async fn update_degrees(db: &Db, id: UserId, degrees: &str) -> Result<()> {
    sqlx::query("UPDATE users SET degrees = ? WHERE id = ?")
        .bind(degrees.to_owned())
        .bind(id.0)
        .execute(db.pool())
        .await?;
    Ok(())
}

fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

fn taken(error: sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(fault) if fault.is_unique_violation() => Error::Conflict,
        _ => Error::Db(error),
    }
}
