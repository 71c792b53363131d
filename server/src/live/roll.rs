//! Who has a socket open, looked up again every other second: a session may be ended by another instance, by the
//! command line, or by somebody who only deleted its row, and none of them can tell this process.
//!
//! One question for all sockets together, so that thousands of them cost no more than a handful.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::auth::{SessionId, Via};
use crate::clock::Clock;
use crate::db::{Db, sessions, tokens};
use crate::error::Result;
use crate::lifecycle::Lifecycle;

/// A socket of a session that ended elsewhere is open for no longer than this and one question.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What sockets stand on. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Roll(Arc<Mutex<HashMap<Via, Present>>>);

#[derive(Debug, Default)]
struct Present {
    sockets: usize,
    ended: CancellationToken,
}

/// One socket's line in the roll; dropping it strikes it out.
#[derive(Debug)]
pub struct Entry {
    roll: Roll,
    via: Via,
    /// Cancelled once what the socket stands on is gone.
    pub ended: CancellationToken,
}

impl Roll {
    /// Adds a socket.
    pub fn enter(&self, via: Via) -> Entry {
        let mut present = self.lock();
        let line = present.entry(via).or_default();
        line.sockets += 1;
        let (roll, ended) = (self.clone(), line.ended.clone());
        Entry { roll, via, ended }
    }

    /// Looks again and again, until the server stops.
    pub async fn keep_looking(self, db: Db, clock: Clock, lifecycle: Lifecycle) {
        let token = lifecycle.child();
        let mut timer = tokio::time::interval(LOOK_EVERY);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while token.run_until_cancelled(timer.tick()).await.is_some() {
            // While the database is away nobody can end a session either.
            if let Err(error) = self.look(&db, &clock).await {
                tracing::warn!(%error, "open sockets were not checked");
            }
        }
    }

    /// Ends every socket whose session or token is gone.
    async fn look(&self, db: &Db, clock: &Clock) -> Result<()> {
        let present: Vec<Via> = self.lock().keys().copied().collect();
        if present.is_empty() {
            return Ok(());
        }
        let session_ids: Vec<i64> = present.iter().filter_map(session_of).collect();
        let token_ids: Vec<i64> = present.iter().filter_map(token_of).collect();
        let live = sessions::list_live_sessions(db, &session_ids, clock.now()).await?;
        let live = live.into_iter().map(|id| Via::Session(SessionId(id)));
        let known = tokens::list_known_tokens(db, &token_ids).await?;
        let holding: HashSet<Via> = live.chain(known.into_iter().map(Via::Token)).collect();
        let lines = self.lock();
        for gone in present.iter().filter(|via| !holding.contains(via)) {
            if let Some(line) = lines.get(gone) {
                line.ended.cancel();
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Via, Present>> {
        self.0.lock().expect("no panic under this lock")
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut present = self.roll.lock();
        if let Some(line) = present.get_mut(&self.via) {
            line.sockets -= 1;
            if line.sockets == 0 {
                present.remove(&self.via);
            }
        }
    }
}

fn session_of(via: &Via) -> Option<i64> {
    match via {
        Via::Session(session) => Some(session.0),
        Via::Token(_) => None,
    }
}

fn token_of(via: &Via) -> Option<i64> {
    match via {
        Via::Token(token) => Some(*token),
        Via::Session(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_is_gone_is_struck_out_and_its_neighbour_is_not() {
        let roll = Roll::default();
        let via = Via::Session(SessionId(1));
        let (one, two) = (roll.enter(via), roll.enter(via));
        drop(one);
        assert_eq!(roll.lock()[&via].sockets, 1);
        roll.lock()[&via].ended.cancel();
        assert!(two.ended.is_cancelled(), "all sockets of a session hear of its end");
        drop(two);
        assert!(roll.lock().is_empty());
    }
}
