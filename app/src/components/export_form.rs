//! A room's figures as a file: any days, as fine as wanted, straight from the documented API.

use leptos::prelude::*;

use crate::context::use_locale;
use crate::i18n::td_string;

/// From when to when, how fine, and as what.
#[component]
pub fn ExportForm(
    /// Serial number of the device.
    serial: String,
    /// First date to begin with, `YYYY-MM-DD`.
    from: String,
    /// Last date to begin with.
    to: String,
) -> impl IntoView {
    let locale = use_locale();
    let steps = [
        ("day", td_string!(locale, export.day)),
        ("2h", td_string!(locale, export.slot)),
        ("raw", td_string!(locale, export.raw)),
    ];
    let step = |(value, words): (&'static str, &'static str)| view! { <option value=value>{words}</option> };
    view! {
        <form class="export" method="get" action=format!("/api/v1/devices/{serial}/history")>
            <label>
                {td_string!(locale, export.from)}
                <input type="date" name="from" value=from required />
            </label>
            <label>
                {td_string!(locale, export.to)}
                <input type="date" name="to" value=to required />
            </label>
            <label>
                {td_string!(locale, export.step)}
                <select name="step">{steps.map(step).into_iter().collect_view()}</select>
            </label>
            <input type="hidden" name="header" value=locale.to_string() />
            <p class="export__buttons">
                <button class="button button--quiet" name="format" value="csv">"CSV"</button>
                <button class="button button--quiet" name="format" value="json">"JSON"</button>
            </p>
        </form>
        <p class="panel__hint">{td_string!(locale, export.hint)}</p>
    }
}
