//! `/settings/notifications`: how a person wants to be told, and a test.

use std::time::Duration;

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::answer;
use crate::db::notification_settings::{NotificationSettings, update_notification_settings};
use crate::db::rules::Quiet;
use crate::error::Result;
use crate::http::AppState;
use crate::http::extract::SignedInHere;
use crate::mail::{Language, Mail};
use crate::outbox::{Entry, Post, State as LetterState, enqueue, find_entry};

pub(super) const PAGE: &str = "/settings/notifications";
/// How long the page waits for a mail server's or a push service's answer, and how often it looks.
const LOOKS: u32 = 40;
const LOOK_EVERY: Duration = Duration::from_millis(75);

/// A person's switches.
#[derive(Deserialize)]
pub struct NotificationsForm {
    by_mail: Option<String>,
    by_push: Option<String>,
    quiet: Option<String>,
    from: String,
    to: String,
    danger_wakes: Option<String>,
}

/// `POST /settings/notifications`
pub async fn choose(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Form(form): Form<NotificationsForm>,
) -> Response {
    let words = FormAnswer::to("notifications");
    let (Some(from), Some(to)) = (minute(&form.from), minute(&form.to)) else {
        return answer::back(&state, PAGE, &words.problem("form", "time"));
    };
    let settings = NotificationSettings {
        by_mail: form.by_mail.is_some(),
        by_push: form.by_push.is_some(),
        quiet: form.quiet.map(|_| Quiet { from, to }),
        danger_wakes: form.danger_wakes.is_some(),
    };
    let words = match update_notification_settings(&state.db, person.id, &settings).await {
        Ok(()) => words.done("saved"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, PAGE, &words)
}

/// `POST /settings/notifications/test`: sends a real mail, and waits a moment to see what becomes of it.
pub async fn test(State(state): State<AppState>, SignedInHere(person): SignedInHere) -> Response {
    let words = FormAnswer::to("notifications");
    let words = match send_test(&state, &person.email, person.locale.as_deref(), person.id.0).await {
        Ok(Some(entry)) if entry.state == LetterState::Accepted => words.done("sent"),
        Ok(Some(entry)) if entry.is_failing() => words.problem("form", "failed"),
        Ok(_) => words.done("queued"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, PAGE, &words)
}

/// One in a minute is enough to see whether it works.
async fn send_test(state: &AppState, email: &str, locale: Option<&str>, user: i64) -> Result<Option<Entry>> {
    const MINUTE_MS: i64 = 60_000;
    let now = state.clock.now();
    let key = format!("alert-test-{user}-{}", now.as_millis() / MINUTE_MS);
    let settings_url = state.config.public_url.join(PAGE);
    let mail = Mail::AlertTest {
        settings_url: &settings_url,
    };
    let post = Post {
        mail,
        to: email,
        language: Language::of(locale),
        key: &key,
    };
    let mut tx = state.db.begin_write().await?;
    enqueue(&mut tx, state.db.dialect(), &post, now).await?;
    tx.commit().await?;
    state.outbox.wake();
    becomes_of(state, &key).await
}

/// What has become of a letter after a moment.
pub(super) async fn becomes_of(state: &AppState, key: &str) -> Result<Option<Entry>> {
    for _ in 0..LOOKS {
        let entry = find_entry(&state.db, key).await?;
        if entry
            .as_ref()
            .is_none_or(|entry| entry.state != LetterState::Queued || entry.is_failing())
        {
            return Ok(entry);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    find_entry(&state.db, key).await
}

/// `23:00` as the minute of the day.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    // Some browsers send seconds too.
    let minutes = minutes.split(':').next()?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_or_refused() {
        assert_eq!(minute("23:05"), Some(1385));
        assert_eq!(minute("00:00:00"), Some(0));
        for wrong in ["", "24:00", "12:60", "noon", "12", "-1:00"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
