//! What people are in a household, and why that was not changed, in words.

use super::form_words::form_problem;
use crate::api::family::RoleView;
use crate::i18n::{Locale, td_string};

/// What somebody is called.
pub fn role_name(locale: Locale, role: RoleView) -> &'static str {
    match role {
        RoleView::Owner => td_string!(locale, family.owner),
        RoleView::Member => td_string!(locale, family.member),
        RoleView::Viewer => td_string!(locale, family.viewer),
    }
}

/// What somebody may do.
pub fn role_rights(locale: Locale, role: RoleView) -> &'static str {
    match role {
        RoleView::Owner => td_string!(locale, family.owner_may),
        RoleView::Member => td_string!(locale, family.member_may),
        RoleView::Viewer => td_string!(locale, family.viewer_may),
    }
}

/// Why nothing was changed.
pub fn problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "already-here" => td_string!(locale, family.already_here),
        "too-many" => td_string!(locale, family.too_many),
        "last-owner" => td_string!(locale, family.last_owner),
        "gone" => td_string!(locale, family.gone),
        "forbidden" => td_string!(locale, family.forbidden),
        "not-found" => td_string!(locale, trouble.not_found),
        other => form_problem(locale, other),
    }
}
