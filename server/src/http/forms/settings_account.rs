//! `/settings/account`: another password, another address.

use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::account_words::{refused, ticket_of};
use super::answer;
use crate::accounts::AccountError;
use crate::auth::Asker;
use crate::http::AppState;
use crate::http::extract::SignedInHere;

const PAGE: &str = "/settings/account";

/// The present password and the new one.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PasswordForm {
    present_password: String,
    new_password: String,
}

/// The new address, and the password for it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AddressForm {
    new_address: String,
    address_password: String,
}

/// The code from the mail to the new address.
#[derive(Deserialize)]
pub struct CodeForm {
    code: String,
}

/// `POST /settings/account/password`
pub async fn change_password(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<PasswordForm>,
) -> Response {
    let PasswordForm {
        present_password,
        new_password,
    } = form;
    let words = FormAnswer::to("password");
    let changed = state
        .accounts
        .change_password(&asker, &person, present_password, new_password);
    match changed.await {
        Ok(strength) => answer::back(&state, PAGE, &words.done(strength.as_str())),
        Err(error) => refused(&state, PAGE, words, "new-password", error),
    }
}

/// `POST /settings/account/address`
pub async fn ask_to_change_address(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<AddressForm>,
) -> Response {
    let AddressForm {
        new_address,
        address_password,
    } = form;
    let words = FormAnswer::to("address").value("new-address", &new_address);
    let asked = state
        .accounts
        .ask_to_change_address(&asker, &person, &new_address, address_password);
    match asked.await {
        Ok(ticket) => {
            let mut response = super::see_other(PAGE);
            state
                .auth
                .cookies()
                .set_ticket(response.headers_mut(), ticket.expose().to_owned());
            response
        }
        Err(AccountError::Address) => answer::back(&state, PAGE, &words.problem("new-address", "invalid")),
        Err(AccountError::SameAddress) => answer::back(&state, PAGE, &words.problem("new-address", "same")),
        Err(AccountError::WrongPassword) => answer::back(&state, PAGE, &words.problem("address-password", "wrong")),
        Err(error) => refused(&state, PAGE, words, "address-password", error),
    }
}

/// `POST /settings/account/address/code`
pub async fn change_address(
    State(state): State<AppState>,
    asker: Asker,
    headers: HeaderMap,
    SignedInHere(person): SignedInHere,
    Form(form): Form<CodeForm>,
) -> Response {
    let words = FormAnswer::to("address");
    let ticket = ticket_of(&state, &headers);
    let changed = state
        .accounts
        .change_address(&asker, &person, ticket.as_ref(), &form.code);
    match changed.await {
        Ok(()) => {
            let mut response = answer::back(&state, PAGE, &words.done("changed"));
            state.auth.cookies().clear_ticket(response.headers_mut());
            response
        }
        Err(error) => refused(&state, PAGE, words, "address-password", error),
    }
}

/// `POST /settings/account/address/stop`: nobody waits for the code any more.
pub async fn keep_address(State(state): State<AppState>, _: SignedInHere) -> Response {
    let mut response = super::see_other(PAGE);
    state.auth.cookies().clear_ticket(response.headers_mut());
    response
}
