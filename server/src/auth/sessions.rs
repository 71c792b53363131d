//! The life of a session: opened, renewed, ended; and what a refresh token presented twice means.

use domain::time::Timestamp;

use super::refresh::{RefreshToken, RefreshTokens};
use super::{Asker, SessionId};
use crate::db::{Db, Tx, UserId, sessions as rows};
use crate::error::Result;

/// A session nobody uses ends after 30 days.
pub const LIFETIME_MS: i64 = 30 * 24 * 3600 * 1000;

/// How long the token before the current one is still answered: a browser asks several times at
/// once, and an answer can get lost on the way.
pub(super) const GRACE_MS: i64 = 10_000;

/// What a presented refresh token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The current one: replace it.
    Rotate,
    /// The one just replaced: hand out its successor again.
    Repeat,
    /// The session is over by its own time.
    Expired,
    /// An old one: somebody else holds a copy.
    Stolen,
}

/// What became of a refresh token.
pub(super) enum Renewal {
    /// The session goes on with this token.
    Renewed(UserId, RefreshToken),
    /// There is no such session any more.
    Gone,
    /// An old token betrayed a theft: nobody may go on with this session.
    Stolen(rows::Session),
}

pub(super) fn judge(row: &rows::Session, presented: &str, now: Timestamp) -> Verdict {
    if now >= row.expires_at {
        Verdict::Expired
    } else if row.refresh_hash == presented {
        Verdict::Rotate
    } else if row.previous_hash.as_deref() == Some(presented) && now.since(row.rotated_at) <= GRACE_MS {
        Verdict::Repeat
    } else {
        Verdict::Stolen
    }
}

/// Starts a session and returns its first refresh token.
pub(super) async fn open(
    tx: &mut Tx<'_>,
    tokens: &RefreshTokens,
    user: UserId,
    asker: &Asker,
    now: Timestamp,
) -> Result<RefreshToken> {
    let token = tokens.first(SessionId::generate());
    let session = rows::NewSession {
        id: token.session().0,
        user,
        refresh_hash: &token.hash(),
        user_agent: &asker.user_agent,
        ip: &asker.ip.to_string(),
        expires_at: now.plus_millis(LIFETIME_MS),
    };
    rows::insert_session(tx, &session, now).await?;
    Ok(token)
}

/// Takes a refresh token in exchange for the next one.
pub(super) async fn renew(db: &Db, tokens: &RefreshTokens, token: &RefreshToken, now: Timestamp) -> Result<Renewal> {
    let id = token.session().0;
    let Some(row) = rows::find_session(db, id).await? else {
        return Ok(Renewal::Gone);
    };
    let presented = token.hash();
    let next = tokens.successor(token);
    match judge(&row, &presented, now) {
        Verdict::Repeat => Ok(Renewal::Renewed(row.user, next)),
        Verdict::Rotate => {
            let expires_at = now.plus_millis(LIFETIME_MS);
            // Losing this race is fine: the winner stored the very same successor.
            rows::update_refresh(db, id, &presented, &next.hash(), now, expires_at).await?;
            Ok(Renewal::Renewed(row.user, next))
        }
        // Whoever clears old sessions away takes it with them.
        Verdict::Expired => Ok(Renewal::Gone),
        Verdict::Stolen => Ok(Renewal::Stolen(row)),
    }
}

/// Whose session this is, if it exists and has not run out.
pub(super) async fn find_owner(db: &Db, session: SessionId, now: Timestamp) -> Result<Option<UserId>> {
    let row = rows::find_session(db, session.0).await?;
    Ok(row.filter(|row| now < row.expires_at).map(|row| row.user))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

    fn row() -> rows::Session {
        rows::Session {
            id: 1,
            user: UserId(1),
            refresh_hash: "current".to_owned(),
            previous_hash: Some("previous".to_owned()),
            rotated_at: NOW,
            expires_at: NOW.plus_millis(LIFETIME_MS),
            created_at: NOW,
            last_used_at: NOW,
            user_agent: String::new(),
            ip: String::new(),
        }
    }

    #[test]
    fn the_current_token_rotates_until_the_session_runs_out() {
        assert_eq!(judge(&row(), "current", NOW), Verdict::Rotate);
        assert_eq!(
            judge(&row(), "current", NOW.plus_millis(LIFETIME_MS - 1)),
            Verdict::Rotate
        );
        assert_eq!(judge(&row(), "current", NOW.plus_millis(LIFETIME_MS)), Verdict::Expired);
    }

    #[test]
    fn the_previous_token_is_answered_during_the_grace_and_a_theft_after_it() {
        assert_eq!(judge(&row(), "previous", NOW.plus_millis(GRACE_MS)), Verdict::Repeat);
        assert_eq!(
            judge(&row(), "previous", NOW.plus_millis(GRACE_MS + 1)),
            Verdict::Stolen
        );
    }

    #[test]
    fn a_token_of_an_older_generation_is_a_theft_at_once() {
        assert_eq!(judge(&row(), "older", NOW), Verdict::Stolen);
    }
}
