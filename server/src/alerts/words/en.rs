//! Alerts in English.

use app::Degrees;
use domain::alert::Rule;
use domain::time::Timestamp;

use super::Tale;
use super::quantity::{clock, ms, noun, quantity, span, step};
use crate::mail::Language;

pub(super) fn begun(tale: &Tale, degrees: Degrees, now: Timestamp) -> String {
    let place = &tale.place;
    let span = |ms| span(ms, Language::En);
    match (tale.rule, tale.value, tale.from) {
        (
            Rule::Above {
                metric, limit, hold_s, ..
            }
            | Rule::Below {
                metric, limit, hold_s, ..
            },
            Some(value),
            _,
        ) => {
            let side = if value > limit { "above" } else { "below" };
            let (noun, value, limit) = (
                noun(metric, Language::En),
                quantity(metric, value, degrees),
                quantity(metric, limit, degrees),
            );
            let held = if hold_s == 0 {
                String::new()
            } else {
                format!(" for {}", span(ms(hold_s)))
            };
            format!("{place}: {noun} is {value}, {side} your limit of {limit}{held}.")
        }
        (Rule::Change { metric, .. }, Some(value), Some(from)) => {
            let verb = if value > from.value { "rose" } else { "fell" };
            let (noun, step) = (noun(metric, Language::En), step(metric, from.value, value, degrees));
            format!(
                "{place}: {noun} {verb} {step} in {}.",
                span(tale.fired_at.since(from.at))
            )
        }
        (Rule::Offline { .. }, _, Some(from)) => {
            let quiet = span(now.since(from.at));
            format!(
                "{place} has not been heard from for {quiet}. It last measured at {}.",
                clock(tale, from.at)
            )
        }
        _ => format!(
            "The sensor of {place} looks broken: it keeps sending values that cannot be. \
             Until it can be believed again, temperature and humidity of this room alarm nobody."
        ),
    }
}

pub(super) fn over(tale: &Tale, degrees: Degrees) -> String {
    let place = &tale.place;
    let lasted = tale
        .cleared_at
        .map(|cleared| span(cleared.since(tale.began_at()), Language::En));
    let lasted = lasted.unwrap_or_default();
    match (tale.rule.metric(), tale.cleared_value) {
        (Some(metric), Some(value)) => {
            let (noun, value) = (noun(metric, Language::En), quantity(metric, value, degrees));
            format!("{place}: {noun} is back to normal at {value}. It took {lasted}.")
        }
        _ if matches!(tale.rule, Rule::Offline { .. }) => {
            format!("{place} is heard from again. It was quiet for {lasted}.")
        }
        _ => format!("The sensor of {place} measures well again, and its rules are watched again."),
    }
}
