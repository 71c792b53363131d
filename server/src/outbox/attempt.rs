//! One attempt to send one claimed letter, and the note of what came of it.

use std::time::Duration;

use domain::time::Timestamp;
use tokio_util::sync::CancellationToken;

use super::backoff::delay_ms;
use super::carrier::Setback;
use super::counters::{Came, attempted};
use super::policy::millis;
use super::worker::Worker;
use crate::db::outbox::{self, Claim, Letter, State};
use crate::error::Result;

/// Between two tries to write down what came of an attempt.
const NOTE_AGAIN: Duration = Duration::from_millis(500);

/// What is to be written down.
enum Verdict {
    Accepted,
    /// Try again then.
    Postponed(Timestamp, String),
    Dead(String),
}

impl Worker {
    /// Sends the letter and notes what came of it. Once `give_up` is cancelled, a letter still on its way is given
    /// back; what is known to have come of one is noted all the same, if the database takes it.
    pub(super) async fn attempt(&self, letter: &Letter, claim: &Claim, give_up: &CancellationToken) {
        let sent = tokio::select! {
            // An answer that has come counts.
            biased;
            sent = self.send(letter, claim) => sent,
            () = give_up.cancelled() => return self.release(letter, claim).await,
        };
        // `None`: the letter is somebody else's by now, or withdrawn; there is nothing for us to note.
        let Some(sent) = sent else { return };
        let verdict = self.judge(letter, sent);
        while let Err(error) = self.note(letter, claim, &verdict).await {
            tracing::warn!(letter = letter.id, %error, "cannot note what came of a letter");
            if !error.is_outage() || give_up.is_cancelled() {
                return;
            }
            // As long as the database is away nobody else can claim the letter; so this may wait for it.
            tokio::select! {
                () = tokio::time::sleep(NOTE_AGAIN) => {}
                () = give_up.cancelled() => {}
            }
        }
    }

    async fn release(&self, letter: &Letter, claim: &Claim) {
        let reason = "the server stopped while it was being sent";
        let released = outbox::update_requeued(&self.db, letter.id, &claim.name, self.clock.now(), reason).await;
        if let Err(error) = released {
            tracing::warn!(letter = letter.id, %error, "a letter waits until our claim lapses");
        }
    }

    async fn send(&self, letter: &Letter, claim: &Claim) -> Option<Result<(), Setback>> {
        if letter
            .expires_at
            .is_some_and(|expires_at| expires_at <= self.clock.now().as_millis())
        {
            return Some(Err(Setback::Never("too late: it is worth nothing any more".to_owned())));
        }
        tokio::select! {
            sent = self.carrier.carry(&self.db, letter, self.clock.now()) => Some(sent),
            () = self.hold(letter, claim) => None,
        }
    }

    /// Extends the claim for as long as it is ours; returns when it is not.
    async fn hold(&self, letter: &Letter, claim: &Claim) {
        loop {
            tokio::time::sleep(self.policy.lease / 3).await;
            let until = self.clock.now().plus_millis(millis(self.policy.lease));
            match outbox::update_claim(
                &self.db,
                letter.id,
                &Claim {
                    name: claim.name.clone(),
                    until,
                },
            )
            .await
            {
                Ok(true) => {}
                Ok(false) => {
                    tracing::warn!(
                        letter = letter.id,
                        "a letter was taken from us while we were sending it"
                    );
                    return;
                }
                Err(error) => tracing::warn!(letter = letter.id, %error, "cannot extend the claim on a letter"),
            }
        }
    }

    fn judge(&self, letter: &Letter, sent: Result<(), Setback>) -> Verdict {
        match sent {
            Ok(()) => Verdict::Accepted,
            Err(Setback::Never(reason)) => Verdict::Dead(reason),
            Err(Setback::Later(reason, _)) if letter.attempts >= self.policy.max_attempts => {
                Verdict::Dead(format!("given up after {} attempts: {reason}", letter.attempts))
            }
            Err(Setback::Later(reason, wait)) => {
                // Who says when to come again knows better than we do.
                let delay = wait.map_or_else(|| delay_ms(letter.attempts, rand::random()), millis);
                let next_at = self.clock.now().plus_millis(delay);
                if letter
                    .expires_at
                    .is_some_and(|expires_at| expires_at <= next_at.as_millis())
                {
                    return Verdict::Dead(format!("worth nothing by the next attempt: {reason}"));
                }
                Verdict::Postponed(next_at, reason)
            }
        }
    }

    async fn note(&self, letter: &Letter, claim: &Claim, verdict: &Verdict) -> Result<()> {
        let (db, id, name, now) = (&self.db, letter.id, claim.name.as_str(), self.clock.now());
        let held = match verdict {
            Verdict::Accepted => outbox::update_settled(db, id, name, State::Accepted, None, now).await?,
            Verdict::Postponed(next_at, reason) => outbox::update_requeued(db, id, name, *next_at, reason).await?,
            Verdict::Dead(reason) => outbox::update_settled(db, id, name, State::Dead, Some(reason), now).await?,
        };
        let kind = letter.kind.as_str();
        match verdict {
            Verdict::Accepted => {
                tracing::info!(letter = id, kind, attempt = letter.attempts, "letter accepted");
                attempted(kind, Came::Accepted);
            }
            Verdict::Postponed(_, reason) => {
                tracing::info!(letter = id, kind, attempt = letter.attempts, reason, "letter postponed");
                attempted(kind, Came::Postponed);
            }
            Verdict::Dead(reason) => {
                tracing::warn!(letter = id, kind, attempt = letter.attempts, reason, "letter given up");
                attempted(kind, Came::Dead);
            }
        }
        if !held {
            tracing::warn!(letter = id, kind, "our claim had lapsed: this letter may arrive twice");
        }
        Ok(())
    }
}
