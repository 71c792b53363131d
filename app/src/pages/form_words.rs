//! Why a form about an account was not accepted, in words.

use crate::i18n::{Locale, td_string};

/// Of the form as a whole.
pub fn form_problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "limited" => td_string!(locale, account.limited),
        "no-code" => td_string!(locale, verify.no_code),
        "gone" => td_string!(locale, sessions.gone),
        _ => td_string!(locale, account.unavailable),
    }
}

/// Of an address.
pub fn address_problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "same" => td_string!(locale, account.address_same),
        _ => td_string!(locale, account.address_invalid),
    }
}

/// Of a password, chosen or asked again.
pub fn password_problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "wrong" => td_string!(locale, account.password_wrong),
        "short" => td_string!(locale, account.password_short),
        "long" => td_string!(locale, account.password_long),
        _ => td_string!(locale, account.password_guessable),
    }
}

/// Of a code.
pub fn code_problem(locale: Locale, _reason: &str) -> &'static str {
    td_string!(locale, verify.wrong_code)
}

/// How good an accepted password is.
pub fn strength(locale: Locale, done: &str) -> Option<&'static str> {
    match done {
        "fair" => Some(td_string!(locale, account.strength_fair)),
        "good" => Some(td_string!(locale, account.strength_good)),
        "strong" => Some(td_string!(locale, account.strength_strong)),
        _ => None,
    }
}
