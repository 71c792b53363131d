//! The time zone of a device's days: typed, or chosen from those there are.

use leptos::prelude::*;

use super::{Field, Kind};
use crate::context::use_locale;
use crate::i18n::td_string;

const LIST: &str = "zones";

/// The field `zone`.
#[component]
pub fn ZoneField(
    /// What is in it already.
    value: String,
    /// What can be chosen.
    zones: Vec<String>,
    /// Whether what was typed was not accepted.
    is_wrong: bool,
) -> impl IntoView {
    let locale = use_locale();
    let zones = zones.into_iter().map(|zone| view! { <option value=zone></option> });
    view! {
        <Field
            name="zone"
            label=td_string!(locale, claim.zone)
            kind=Kind::TEXT
            value=(!value.is_empty()).then_some(value)
            hint=Some(td_string!(locale, claim.zone_hint))
            problem=is_wrong.then(|| td_string!(locale, claim.zone_wrong))
            list=Some(LIST)
        />
        <datalist id=LIST>{zones.collect_view()}</datalist>
    }
}
