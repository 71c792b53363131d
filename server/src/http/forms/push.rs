//! Browsers that are told while no page is open: switched on, tested, taken away; and what they say of a message.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::alerts::LetterForm;
use super::answer;
use super::notifications::{PAGE, becomes_of};
use crate::alerts::note_opened;
use crate::auth::{Asker, Person};
use crate::db::PushSubscriptionId;
use crate::db::push_subscriptions::{
    NewPushSubscription, PushSubscription, delete_push_subscription, delete_push_subscription_at,
    find_push_subscription, insert_push_subscription, list_push_subscriptions,
};
use crate::error::{Error, Result};
use crate::http::AppState;
use crate::http::extract::SignedInHere;
use crate::mail::Language;
use crate::outbox::{Entry, Parcel, State as LetterState, enqueue_for};
use crate::push::{Address, Button, Envelope, Message, Urgency};

/// Browsers of one person; more are nobody's.
const MOST_BROWSERS: usize = 20;
/// A test that comes later proves nothing.
const TEST_WORTH_MINUTES: u32 = 5;

/// What a browser says of itself.
#[derive(Deserialize)]
pub struct PushForm {
    endpoint: String,
    p256dh: String,
    auth: String,
    /// The endpoint it had before, if it has got another one.
    #[serde(default)]
    before: String,
}

/// Which browser.
#[derive(Deserialize)]
pub struct BrowserForm {
    id: i64,
}

/// `GET /push/key`: what a browser is told to trust, for whoever renews a subscription without a page.
pub async fn key(State(state): State<AppState>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain")], state.herald.public_key().to_owned())
}

/// `POST /settings/notifications/push`: from now on this browser is told.
pub async fn switch_on(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<PushForm>,
) -> Response {
    let words = FormAnswer::to("notifications");
    let words = match store(&state, &asker, &person, &form).await {
        Ok(()) => words.done("push-on"),
        Err(Error::Invalid { field, .. }) => words.problem("form", field),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, PAGE, &words)
}

async fn store(state: &AppState, asker: &Asker, person: &Person, form: &PushForm) -> Result<()> {
    let unfit = |field, reason: String| Error::Invalid { field, reason };
    Address::read(state.herald.hosts(), &form.endpoint, &form.p256dh, &form.auth)
        .map_err(|reason| unfit("push-address", reason.to_string()))?;
    let there = list_push_subscriptions(&state.db, person.id).await?;
    let is_known = |endpoint: &str| there.iter().any(|browser| browser.endpoint == endpoint);
    if there.len() >= MOST_BROWSERS && !is_known(&form.endpoint) && !is_known(&form.before) {
        return Err(unfit("push-many", format!("at most {MOST_BROWSERS} browsers")));
    }
    let new = NewPushSubscription {
        user: person.id,
        session: asker.session.map(|session| session.0).unwrap_or_default(),
        endpoint: &form.endpoint,
        p256dh: &form.p256dh,
        auth: &form.auth,
        user_agent: &asker.user_agent,
    };
    let mut tx = state.db.begin_write().await?;
    if !form.before.is_empty() {
        delete_push_subscription_at(&mut tx, person.id, &form.before).await?;
    }
    insert_push_subscription(&mut tx, &state.db, &new, state.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// `POST /settings/notifications/push/remove`
pub async fn remove(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Form(form): Form<BrowserForm>,
) -> Response {
    let words = FormAnswer::to("notifications");
    let words = match delete_push_subscription(&state.db, person.id, PushSubscriptionId(form.id)).await {
        // Pressed twice, it is gone all the same.
        Ok(_) => words.done("push-off"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, PAGE, &words)
}

/// `POST /settings/notifications/push/test`: sends a real message, and waits a moment to see what becomes of it.
pub async fn test(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Form(form): Form<BrowserForm>,
) -> Response {
    let words = FormAnswer::to("notifications");
    let words = match send_test(&state, &person, PushSubscriptionId(form.id)).await {
        Ok(Some(entry)) if entry.state == LetterState::Accepted => words.done("push-sent"),
        Ok(Some(entry)) if entry.is_failing() => words.problem("form", "push-failed"),
        Ok(_) => words.done("queued"),
        Err(Error::NotFound) => words.problem("form", "push-gone"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(&state, PAGE, &words)
}

/// One in ten seconds is enough to see whether it works.
async fn send_test(state: &AppState, person: &Person, id: PushSubscriptionId) -> Result<Option<Entry>> {
    const TEN_SECONDS_MS: i64 = 10_000;
    let browser = own_browser(state, person, id).await?;
    let now = state.clock.now();
    let key = format!("push-test-{}-{}", browser.id.0, now.as_millis() / TEN_SECONDS_MS);
    let envelope = test_message(Language::of(person.locale.as_deref()));
    let parcel = Parcel::push(browser.id, "push-test", &envelope, &key, TEST_WORTH_MINUTES);
    let mut tx = state.db.begin_write().await?;
    enqueue_for(&mut tx, state.db.dialect(), parcel, None, now).await?;
    tx.commit().await?;
    state.outbox.wake();
    becomes_of(state, &key).await
}

async fn own_browser(state: &AppState, person: &Person, id: PushSubscriptionId) -> Result<PushSubscription> {
    let browser = find_push_subscription(&state.db, id).await?;
    let own = browser.filter(|browser| browser.user == person.id);
    own.ok_or(Error::NotFound)
}

fn test_message(language: Language) -> Envelope {
    let (title, body, view) = match language {
        Language::Ko => ("TempLog 알림 시험", "이 기기에서 알림을 받을 수 있어요.", "보기"),
        Language::En => ("TempLog test", "Alerts reach this device.", "View"),
    };
    let message = Message {
        title: title.to_owned(),
        body: body.to_owned(),
        tag: Message::tag_of("test"),
        lang: language.tag().to_owned(),
        url: PAGE.to_owned(),
        letter: None,
        actions: vec![Button::new("view", view)],
        urgent: false,
        again: true,
    };
    Envelope {
        urgency: Urgency::High,
        message,
    }
}

/// `POST /alerts/opened`: the reader of a message has tapped it. Says nothing of what was sent.
pub async fn opened(State(state): State<AppState>, Form(form): Form<LetterForm>) -> StatusCode {
    let noted = note_opened(&state.db, state.bell.links(), &form.letter, state.clock.now()).await;
    if let Err(error) = noted {
        let _logged = AppError::from(error);
    }
    StatusCode::NO_CONTENT
}
