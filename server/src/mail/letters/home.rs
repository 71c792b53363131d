//! Letters about a home of their reader.

use super::Rendered;
use super::paper::{write, write_list};
use crate::mail::Language;
use crate::mail::template::{Template, templates};

pub(super) const INVITE: [Template; 2] = templates!("invite");
pub(super) const ALERT: [Template; 2] = templates!("alert");
pub(super) const ALERT_OVER: [Template; 2] = templates!("alert-over");
pub(super) const ALERT_TEST: [Template; 2] = templates!("alert-test");

pub(super) fn invite(language: Language, inviter: &str, household: &str, link: &str, days: u32) -> Rendered {
    let days = days.to_string();
    let values = [
        ("inviter", inviter),
        ("household", household),
        ("link", link),
        ("days", &days),
    ];
    write(&INVITE, language, &values)
}

pub(super) fn alert(
    language: Language,
    headline: &str,
    sentences: &[String],
    ack_url: &str,
    log_url: &str,
) -> Rendered {
    let values = [("headline", headline), ("ack_url", ack_url), ("log_url", log_url)];
    write_list(&ALERT, language, &values, sentences)
}

pub(super) fn alert_over(language: Language, headline: &str, sentences: &[String], log_url: &str) -> Rendered {
    let values = [("headline", headline), ("log_url", log_url)];
    write_list(&ALERT_OVER, language, &values, sentences)
}

pub(super) fn alert_test(language: Language, settings_url: &str) -> Rendered {
    write_list(&ALERT_TEST, language, &[("settings_url", settings_url)], &[])
}
