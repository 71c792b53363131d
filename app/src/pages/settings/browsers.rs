//! The browsers that are told while no page is open: this one is switched on, any is tested and taken away.

use leptos::prelude::*;

use crate::api::alerts::BrowserView;
use crate::context::{use_locale, use_page};
use crate::i18n::{Locale, td_string};
use crate::islands::{PushSwitch, PushWords};
use crate::words::moment;

const HERE: &str = "/settings/notifications/push";

/// A button for this browser, and the list of all of them.
#[component]
pub fn Browsers(
    /// What a browser is told to trust.
    push_key: String,
    /// All of them.
    browsers: Vec<BrowserView>,
) -> impl IntoView {
    let locale = use_locale();
    let is_here = browsers.iter().any(|browser| browser.is_here);
    let label = if is_here {
        td_string!(locale, notifications.push_again)
    } else {
        td_string!(locale, notifications.push_on)
    };
    let none = browsers.is_empty();
    let list = browsers.into_iter().map(|browser| view! { <Browser browser /> });
    view! {
        <section class="settings__part">
            <h2>{td_string!(locale, notifications.push)}</h2>
            <p class="settings__lead">{td_string!(locale, notifications.push_lead)}</p>
            <PushSwitch key=push_key action=HERE.to_owned() label=label.to_owned() words=words(locale) />
            <h3 class="browsers__title">{td_string!(locale, notifications.devices)}</h3>
            {none.then(|| view! { <p class="browsers__none">{td_string!(locale, notifications.devices_none)}</p> })}
            <ul class="browsers">{list.collect_view()}</ul>
        </section>
    }
}

fn words(locale: Locale) -> PushWords {
    PushWords {
        ready: td_string!(locale, notifications.push_ready).to_owned(),
        unsupported: td_string!(locale, notifications.push_unsupported).to_owned(),
        insecure: td_string!(locale, notifications.push_insecure).to_owned(),
        not_installed: td_string!(locale, notifications.push_install).to_owned(),
        denied: td_string!(locale, notifications.push_denied).to_owned(),
        failed: td_string!(locale, notifications.push_failed_here).to_owned(),
    }
}

#[component]
fn Browser(browser: BrowserView) -> impl IntoView {
    let (locale, now) = (use_locale(), use_page().served_at);
    let unknown = || td_string!(locale, notifications.device_unknown).to_owned();
    let device = browser.device.clone().unwrap_or_else(unknown);
    let (since, local) = browser.since;
    let since = moment::clock(locale, &local, since, now);
    let told = browser.last_told.map(|(at, local)| {
        let moment = moment::clock(locale, &local, at, now);
        view! { " · " {td_string!(locale, notifications.device_told, moment = moment)} }
    });
    let failing = browser.failing.map(|reason| {
        let words = td_string!(locale, notifications.device_failing, reason = reason);
        view! { <p class="browsers__failing" role="alert">{words}</p> }
    });
    let (test, remove) = (
        td_string!(locale, notifications.device_test_this, device = device.clone()),
        td_string!(locale, notifications.device_remove_this, device = device.clone()),
    );
    let here = browser.is_here.then(|| {
        view! { <span class="sessions__current">{td_string!(locale, notifications.device_here)}</span> }
    });
    view! {
        <li class="browsers__item">
            <p>
                <strong>{device}</strong>
                {here}
            </p>
            <p class="browsers__note">{td_string!(locale, notifications.device_since, moment = since)} {told}</p>
            {failing}
            <div class="browsers__buttons">
                {button(browser.id, "test", td_string!(locale, notifications.device_test), test)}
                {button(browser.id, "remove", td_string!(locale, notifications.device_remove), remove)}
            </div>
        </li>
    }
}

/// A form of one button: it works without any script.
fn button(id: i64, verb: &'static str, label: &'static str, name: String) -> AnyView {
    view! {
        <form method="post" action=format!("{HERE}/{verb}")>
            <input type="hidden" name="id" value=id.to_string() />
            <button class="button button--quiet" aria-label=name>
                {label}
            </button>
        </form>
    }
    .into_any()
}
