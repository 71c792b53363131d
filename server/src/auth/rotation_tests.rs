//! Ten thousand schedules of tabs, lost answers and thieves against the rule that decides about refresh tokens.

use domain::time::Timestamp;
use proptest::prelude::*;

use super::SessionId;
use super::refresh::{RefreshToken, RefreshTokens};
use super::sessions::{GRACE_MS, LIFETIME_MS, Verdict, judge};
use crate::config::SecretKey;
use crate::db::UserId;
use crate::db::sessions::Session;

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// What an honest browser does next.
#[derive(Clone, Debug)]
enum Step {
    /// Nothing for so long.
    Rest(i64),
    /// Several tabs send the same token within the grace period; for each how long its request is under way, and
    /// whether its answer gets lost. If all are lost, one tab asks again at the end of the period.
    Ask(Vec<(i64, bool)>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rest = (0..LIFETIME_MS - 3 * GRACE_MS).prop_map(Step::Rest);
    let short_rest = (0..3 * GRACE_MS).prop_map(Step::Rest);
    let ask = prop::collection::vec((0..=GRACE_MS, any::<bool>()), 1..50).prop_map(Step::Ask);
    prop::collection::vec(prop_oneof![1 => rest, 2 => short_rest, 4 => ask], 1..16)
}

/// The row of a session and the time, without a database.
struct Family {
    tokens: RefreshTokens,
    row: Session,
    now: Timestamp,
}

impl Family {
    fn new() -> (Self, RefreshToken) {
        let tokens = RefreshTokens::new(&SecretKey::generate());
        let first = tokens.first(SessionId(1));
        let row = Session {
            id: 1,
            user: UserId(1),
            refresh_hash: first.hash(),
            previous_hash: None,
            rotated_at: START,
            expires_at: START.plus_millis(LIFETIME_MS),
            created_at: START,
            last_used_at: START,
            user_agent: String::new(),
            ip: String::new(),
        };
        let now = START;
        (Self { tokens, row, now }, first)
    }

    /// As `sessions::renew` does it with a row of the database.
    fn present(&mut self, token: &RefreshToken) -> Result<RefreshToken, Verdict> {
        let next = self.tokens.successor(token);
        match judge(&self.row, &token.hash(), self.now) {
            Verdict::Rotate => {
                self.row.previous_hash = Some(std::mem::replace(&mut self.row.refresh_hash, next.hash()));
                self.row.rotated_at = self.now;
                self.row.expires_at = self.now.plus_millis(LIFETIME_MS);
                Ok(next)
            }
            Verdict::Repeat => Ok(next),
            refusal => Err(refusal),
        }
    }

    /// Lets an honest browser take its step, and returns the token it then holds.
    fn step(&mut self, held: RefreshToken, step: &Step) -> Result<RefreshToken, Verdict> {
        let mut asks = match step {
            Step::Rest(millis) => {
                self.now = self.now.plus_millis(*millis);
                return Ok(held);
            }
            Step::Ask(asks) => asks.clone(),
        };
        asks.sort_unstable();
        let begun = self.now;
        let first = asks.first().map_or(0, |(after, _)| *after);
        let mut received = None;
        for (after, lost) in asks {
            self.now = begun.plus_millis(after);
            let next = self.present(&held)?;
            if !lost {
                received = Some(next);
            }
        }
        if let Some(next) = received {
            return Ok(next);
        }
        self.now = begun.plus_millis(first + GRACE_MS);
        self.present(&held)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_honest_browser_is_never_signed_out(steps in steps()) {
        let (mut family, mut held) = Family::new();
        for step in &steps {
            let before = family.now;
            match family.step(held.clone(), step) {
                Ok(next) => held = next,
                // Thirty days of silence end any session.
                Err(Verdict::Expired) => {
                    prop_assert!(family.now >= family.row.expires_at);
                    return Ok(());
                }
                Err(refusal) => prop_assert!(false, "{refusal:?} at {before:?}: {step:?}"),
            }
        }
    }

    #[test]
    fn a_copied_token_betrays_itself_whoever_comes_first(steps in steps(), copied_at in 0_usize..8, thief_first: bool) {
        let (mut family, mut held) = Family::new();
        for step in steps.iter().take(copied_at) {
            let Ok(next) = family.step(held.clone(), step) else { return Ok(()) };
            held = next;
        }
        let stolen = held.clone();
        let renewed = family.present(if thief_first { &stolen } else { &held });
        let Ok(renewed) = renewed else { return Ok(()) };
        // One of the two goes on; the other comes with the copy after the grace period.
        family.now = family.now.plus_millis(GRACE_MS + 1);
        if !thief_first {
            prop_assert!(family.present(&renewed).is_ok());
        }
        prop_assert_eq!(family.present(&stolen).err(), Some(Verdict::Stolen));
    }
}
