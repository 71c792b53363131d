//! Tables `codes` and `code_failures`: one-time codes on their way by mail, and how often somebody guessed wrong.

use domain::time::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};

use super::{Db, Dialect, Tx, UserId};
use crate::error::Result;

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new account.
    SignUp,
    /// A new password instead of a forgotten one.
    ResetPassword,
    /// Another mail address for an account.
    ChangeAddress,
}

impl Purpose {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::ResetPassword => "reset-password",
            Self::ChangeAddress => "change-address",
        }
    }
}

/// A code to be stored.
#[derive(Clone)]
pub struct NewCode<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// Where it goes, lower case.
    pub email: &'a str,
    /// Hash of the asking browser's cookie.
    pub browser_hash: &'a str,
    /// Hash of the code itself.
    pub code_hash: &'a str,
    /// Whose account it is about.
    pub user: Option<UserId>,
    /// Password chosen at sign-up, hashed.
    pub password_hash: Option<&'a str>,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}

/// A code that waits. Not `Debug`: it holds hashes of secrets.
#[derive(Clone)]
pub struct Code {
    /// Row number.
    pub id: i64,
    /// Where it went.
    pub email: String,
    /// Hash of the code itself.
    pub code_hash: String,
    /// Whose account it is about.
    pub user: Option<UserId>,
    /// Password chosen at sign-up, hashed.
    pub password_hash: Option<String>,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    email: String,
    browser_hash: String,
    code_hash: String,
    user_id: Option<i64>,
    password_hash: Option<String>,
    expires_at: i64,
}

impl From<Row> for Code {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            code_hash: row.code_hash,
            user: row.user_id.map(UserId),
            password_hash: row.password_hash,
            expires_at: Timestamp::from_millis(row.expires_at),
        }
    }
}

/// Stores a code in place of the one that waited for the same purpose and address.
pub async fn insert_code(tx: &mut Tx<'_>, dialect: Dialect, code: &NewCode<'_>, now: Timestamp) -> Result<()> {
    let instead = dialect.or_update(
        "purpose, email",
        &[
            "browser_hash",
            "code_hash",
            "user_id",
            "password_hash",
            "expires_at",
            "created_at",
        ],
    );
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO codes (purpose, email, browser_hash, code_hash, user_id, password_hash, expires_at, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?){instead}"
    )))
    .bind(code.purpose.as_str())
    .bind(code.email.to_owned())
    .bind(code.browser_hash.to_owned())
    .bind(code.code_hash.to_owned())
    .bind(code.user.map(|user| user.0))
    .bind(code.password_hash.map(str::to_owned))
    .bind(code.expires_at.as_millis())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The code that a browser waits for.
pub async fn find_code(db: &Db, purpose: Purpose, browser_hash: &str) -> Result<Option<Code>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, browser_hash, code_hash, user_id, password_hash, expires_at FROM codes \
         WHERE browser_hash = ? AND purpose = ?",
    )
    .bind(browser_hash.to_owned())
    .bind(purpose.as_str())
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(Code::from))
}

/// The code for this address that a browser waits for, if it still does. Until the transaction ends nobody else can
/// try a code for the address.
pub async fn lock_code(tx: &mut Tx<'_>, dialect: Dialect, email: &str, browser_hash: &str) -> Result<Option<Code>> {
    // The first look in the transaction is a locking one, so that the next looks see what others have committed.
    let sql = format!(
        "SELECT id, email, browser_hash, code_hash, user_id, password_hash, expires_at FROM codes WHERE email = ? ORDER BY id{}",
        dialect.for_update()
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(email.to_owned())
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows
        .into_iter()
        .find(|row| row.browser_hash == browser_hash)
        .map(Code::from))
}

/// A code is used up.
pub async fn delete_code(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    sqlx::query("DELETE FROM codes WHERE id = ?")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// No code that is about this person's account counts any more.
pub async fn delete_codes_of(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    sqlx::query("DELETE FROM codes WHERE user_id = ?")
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How often a wrong code was tried for an address since then.
pub async fn count_failures(tx: &mut Tx<'_>, email: &str, since: Timestamp) -> Result<i64> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM code_failures WHERE email = ? AND at > ?")
        .bind(email.to_owned())
        .bind(since.as_millis())
        .fetch_one(&mut **tx)
        .await?;
    Ok(count)
}

/// A wrong code was tried.
pub async fn insert_failure(tx: &mut Tx<'_>, email: &str, now: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO code_failures (email, at) VALUES (?, ?)")
        .bind(email.to_owned())
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets everything about an address: its owner has left it.
pub async fn delete_codes_to(tx: &mut Tx<'_>, email: &str) -> Result<()> {
    for table in ["codes", "code_failures"] {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table} WHERE email = ?")))
            .bind(email.to_owned())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Forgets codes that ran out and failures before `cutoff`.
pub async fn delete_codes_before(db: &Db, now: Timestamp, cutoff: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM codes WHERE expires_at <= ?")
        .bind(now.as_millis())
        .execute(db.pool())
        .await?;
    sqlx::query("DELETE FROM code_failures WHERE at <= ?")
        .bind(cutoff.as_millis())
        .execute(db.pool())
        .await?;
    Ok(())
}
