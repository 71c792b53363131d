//! Letters about the account of their reader.

use super::Rendered;
use super::paper::write;
use crate::mail::template::{Template, templates};
use crate::mail::{Language, WayChange};

pub(super) const VERIFY_ADDRESS: [Template; 2] = templates!("verify-address");
pub(super) const ADDRESS_TAKEN: [Template; 2] = templates!("address-taken");
pub(super) const RESET_PASSWORD: [Template; 2] = templates!("reset-password");
pub(super) const PASSWORD_CHANGED: [Template; 2] = templates!("password-changed");
pub(super) const ADDRESS_CHANGED: [Template; 2] = templates!("address-changed");
pub(super) const SESSION_REUSE: [Template; 2] = templates!("session-reuse");
pub(super) const SIGN_IN_WAY_CHANGED: [Template; 2] = templates!("sign-in-way-changed");

pub(super) fn verify_address(language: Language, code: &str, minutes: u32) -> Rendered {
    let values = [("code", code), ("minutes", &minutes.to_string())];
    write(&VERIFY_ADDRESS, language, &values)
}

pub(super) fn address_taken(language: Language, sign_in_url: &str, reset_url: &str) -> Rendered {
    let values = [("sign_in_url", sign_in_url), ("reset_url", reset_url)];
    write(&ADDRESS_TAKEN, language, &values)
}

pub(super) fn reset_password(language: Language, code: &str, link: &str, minutes: u32) -> Rendered {
    let values = [("code", code), ("link", link), ("minutes", &minutes.to_string())];
    write(&RESET_PASSWORD, language, &values)
}

pub(super) fn password_changed(language: Language, device: &str, reset_url: &str) -> Rendered {
    let values = [("device", device), ("reset_url", reset_url)];
    write(&PASSWORD_CHANGED, language, &values)
}

pub(super) fn address_changed(language: Language, old: &str, new: &str, device: &str, account_url: &str) -> Rendered {
    let values = [
        ("old", old),
        ("new", new),
        ("device", device),
        ("account_url", account_url),
    ];
    write(&ADDRESS_CHANGED, language, &values)
}

pub(super) fn session_reuse(language: Language, device: &str, password_url: &str) -> Rendered {
    let values = [("device", device), ("password_url", password_url)];
    write(&SESSION_REUSE, language, &values)
}

pub(super) fn sign_in_way_changed(language: Language, change: WayChange, device: &str, settings_url: &str) -> Rendered {
    let change = change.words(language);
    let values = [("change", change), ("device", device), ("settings_url", settings_url)];
    write(&SIGN_IN_WAY_CHANGED, language, &values)
}
