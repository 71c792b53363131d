//! One alert of the log: what, when, who was told, who knows, and how it ended.

use leptos::prelude::*;

use crate::api::alerts::{AlertView, LampView, NoticeView};
use crate::context::{use_locale, use_page};
use crate::i18n::{Locale, td_string};
use crate::words::moment;

/// An alert, with a button for whoever has seen it.
pub fn item(alert: AlertView) -> AnyView {
    let (locale, now) = (use_locale(), use_page().served_at);
    let state = match (&alert.over, &alert.acknowledged) {
        (Some(_), _) => ("over", td_string!(locale, alerts.over)),
        (None, Some(_)) => ("known", td_string!(locale, alerts.known)),
        (None, None) => ("active", td_string!(locale, alerts.active)),
    };
    let known = alert.acknowledged.as_ref().map(|known| {
        let moment = moment::clock(locale, &known.local, known.at, now);
        if let Some(who) = &known.by {
            td_string!(locale, alerts.known_by, who = who.clone(), moment = moment)
        } else {
            td_string!(locale, alerts.known_at, moment = moment)
        }
    });
    let at = moment::clock(locale, &alert.local, alert.at, now);
    let button = (alert.may_acknowledge && alert.acknowledged.is_none()).then(|| {
        view! {
            <form method="post" action=format!("/alerts/{}/acknowledge", alert.id)>
                <button class="button" aria-label=td_string!(locale, alerts.acknowledge_this, what = alert.sentence.clone())>
                    {td_string!(locale, alerts.acknowledge)}
                </button>
            </form>
        }
    });
    let told = notices(locale, now, alert.notices);
    let lamps = alert.lamps.iter().map(|lamp| lamp_words(locale, now, lamp));
    let lamps = lamps
        .map(|words| view! { <p class="alert__note">{words}</p> })
        .collect_view();
    view! {
        <li class=format!("alert alert--{}", state.0)>
            <p class="alert__head">
                <span class="alert__state">{state.1}</span>
                <time datetime=alert.local>{at}</time>
            </p>
            <p class="alert__what">{alert.sentence}</p>
            {alert.over.map(|over| view! { <p class="alert__over">{over}</p> })}
            {known.map(|known| view! { <p class="alert__note">{known}</p> })}
            {lamps}
            {told}
            {button}
        </li>
    }
    .into_any()
}

/// "불 켜기: 기기가 했어요, 15:24"
fn lamp_words(locale: Locale, now: i64, lamp: &LampView) -> String {
    let moment = moment::clock(locale, &lamp.local, lamp.at, now);
    let what = if lamp.on {
        td_string!(locale, commands.lamp_on)
    } else {
        td_string!(locale, commands.lamp_off)
    };
    match lamp.state {
        "done" => td_string!(locale, commands.lamp_done, what = what, moment = moment),
        "refused" => td_string!(locale, commands.lamp_refused, what = what, moment = moment),
        "expired" => td_string!(locale, commands.lamp_expired, what = what),
        "replaced" => td_string!(locale, commands.lamp_replaced, what = what),
        _ => td_string!(locale, commands.lamp_waiting, what = what),
    }
}

fn notices(locale: Locale, now: i64, notices: Vec<NoticeView>) -> Option<AnyView> {
    if notices.is_empty() {
        return None;
    }
    let line = |notice: NoticeView| {
        let moment = moment::clock(locale, &notice.local, notice.at, now);
        let what = match notice.what {
            "again" => td_string!(locale, alerts.told_again),
            "over" => td_string!(locale, alerts.told_over),
            _ => td_string!(locale, alerts.told_begin),
        };
        let state = match (notice.state.as_str(), notice.reason) {
            ("accepted", _) => td_string!(locale, alerts.accepted, moment = moment),
            ("queued", None) => td_string!(locale, alerts.queued).to_owned(),
            ("queued", Some(reason)) => td_string!(locale, alerts.queued_why, reason = reason),
            ("dead", None) => td_string!(locale, alerts.dead).to_owned(),
            ("dead", Some(reason)) => td_string!(locale, alerts.dead_why, reason = reason),
            _ => moment,
        };
        let way = match notice.channel.as_str() {
            "push" => td_string!(locale, alerts.by_push),
            _ => td_string!(locale, alerts.by_mail),
        };
        let opened = notice.opened.map(|(at, local)| {
            let moment = moment::clock(locale, &local, at, now);
            view! { " · " {td_string!(locale, alerts.opened, moment = moment)} }
        });
        view! {
            <li>
                {what} " · " <span class="alert__who">{notice.email}</span> " · " {way} " · " {state} {opened}
            </li>
        }
    };
    let list = view! {
        <details class="alert__told">
            <summary>{td_string!(locale, alerts.told, n = notices.len())}</summary>
            <ul>{notices.into_iter().map(line).collect_view()}</ul>
        </details>
    };
    Some(list.into_any())
}
