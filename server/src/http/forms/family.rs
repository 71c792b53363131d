//! `/settings/family` and `/invite`: who lives with which devices.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::{Extension, State};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{answer, see_other};
use crate::auth::{Asker, Identity, Via};
use crate::db::households::Role;
use crate::db::{HouseholdId, UserId};
use crate::error::Error;
use crate::family::{FamilyError, InviteToken};
use crate::http::AppState;
use crate::http::extract::SignedInHere;

const PAGE: &str = "/settings/family";

/// Whom to ask in.
#[derive(Deserialize)]
pub struct InviteForm {
    household: i64,
    email: String,
    role: String,
}

/// Which invite.
#[derive(Deserialize)]
pub struct WithdrawForm {
    household: i64,
    invite: i64,
}

/// Whom, and what they are to be if that is to change.
#[derive(Deserialize)]
pub struct MemberForm {
    household: i64,
    user: i64,
    #[serde(default)]
    role: String,
}

/// Which household.
#[derive(Deserialize)]
pub struct LeaveForm {
    household: i64,
}

/// The link's secret.
#[derive(Deserialize)]
pub struct AcceptForm {
    token: String,
}

/// `POST /settings/family/invite`
pub async fn invite(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<InviteForm>,
) -> Response {
    let household = HouseholdId(form.household);
    let invited = state
        .family
        .invite(&asker, &person, household, &form.email, role_of(&form.role))
        .await;
    let words = match invited {
        Err(FamilyError::Address) => words().problem("email", "address").value("email", &form.email),
        other => tell(other, "invited"),
    };
    answer::back(&state, PAGE, &words)
}

/// `POST /settings/family/invite/withdraw`
pub async fn withdraw(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    Form(form): Form<WithdrawForm>,
) -> Response {
    let withdrawn = state
        .family
        .withdraw(&person, HouseholdId(form.household), form.invite)
        .await;
    answer::back(&state, PAGE, &tell(withdrawn, "withdrawn"))
}

/// `POST /settings/family/role`
pub async fn set_role(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<MemberForm>,
) -> Response {
    let (household, user) = (HouseholdId(form.household), UserId(form.user));
    let changed = state
        .family
        .set_role(&asker, &person, household, user, role_of(&form.role))
        .await;
    answer::back(&state, PAGE, &tell(changed, "changed"))
}

/// `POST /settings/family/hand-over`
pub async fn hand_over(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<MemberForm>,
) -> Response {
    let (household, user) = (HouseholdId(form.household), UserId(form.user));
    let handed_over = state.family.hand_over(&asker, &person, household, user).await;
    answer::back(&state, PAGE, &tell(handed_over, "handed-over"))
}

/// `POST /settings/family/remove`
pub async fn remove(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<MemberForm>,
) -> Response {
    let (household, user) = (HouseholdId(form.household), UserId(form.user));
    let removed = state.family.remove(&asker, &person, household, user).await;
    answer::back(&state, PAGE, &tell(removed, "removed"))
}

/// `POST /settings/family/leave`
pub async fn leave(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<LeaveForm>,
) -> Response {
    let household = HouseholdId(form.household);
    let left = state.family.remove(&asker, &person, household, person.id).await;
    answer::back(&state, PAGE, &tell(left, "left"))
}

/// `POST /invite`: in; whoever is not signed in comes back to the invitation afterwards.
pub async fn accept(
    State(state): State<AppState>,
    asker: Asker,
    identity: Option<Extension<Identity>>,
    Form(form): Form<AcceptForm>,
) -> Response {
    let here = format!("/invite?token={}", utf8_percent_encode(&form.token, NON_ALPHANUMERIC));
    let person = identity.as_ref().and_then(|identity| identity.person());
    let Some(person) = person.filter(|person| matches!(person.via, Via::Session(_))) else {
        let next = utf8_percent_encode(&here, NON_ALPHANUMERIC);
        return see_other(&format!("/sign-in?next={next}"));
    };
    let accepted = match InviteToken::parse(&form.token) {
        Some(token) => state.family.accept(&asker, person, &token).await,
        None => Err(FamilyError::Gone),
    };
    match accepted {
        Ok(()) => answer::back(&state, PAGE, &words().done("joined")),
        Err(error) => answer::back(&state, &here, &tell(Err(error), "joined")),
    }
}

/// Nobody becomes an owner by a form's field: there is a form of its own for that.
fn role_of(text: &str) -> Role {
    match Role::parse(text) {
        Some(Role::Member) => Role::Member,
        _ => Role::Viewer,
    }
}

fn words() -> FormAnswer {
    FormAnswer::to("family")
}

fn tell(outcome: Result<(), FamilyError>, done: &str) -> FormAnswer {
    let reason = match outcome {
        Ok(()) => return words().done(done),
        Err(FamilyError::Address) => "address",
        Err(FamilyError::AlreadyHere) => "already-here",
        Err(FamilyError::TooMany) => "too-many",
        Err(FamilyError::LastOwner) => "last-owner",
        Err(FamilyError::Gone) => "gone",
        Err(FamilyError::Failed(Error::Forbidden)) => "forbidden",
        Err(FamilyError::Failed(Error::NotFound)) => "not-found",
        Err(FamilyError::Failed(error)) => {
            let _logged = AppError::from(error);
            "unavailable"
        }
    };
    words().problem("form", reason)
}
