//! It did not work over Kakao: why, and what to do now.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::backend::find_backend;
use crate::components::KakaoButton;
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};
use crate::islands::{Icon, Shape};

/// `/sign-in/kakao/trouble?why=cancelled`
#[component]
pub fn KakaoTroublePage() -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let asked = |name: &str| query.read_untracked().get(name);
    let why = asked("why").unwrap_or_default();
    let connecting = asked("from").is_some_and(|from| from == "settings");
    let (title, text) = words(locale, &why);
    // A code of Kakao's is short; anything longer is somebody's joke in an address.
    let code = asked("code").filter(|code| code.len() <= 12 && code.bytes().all(|b| b.is_ascii_graphic()));
    let again = !connecting && worth_again(&why) && find_backend().is_some_and(|backend| backend.offers_kakao());
    view! {
        <Title text=title />
        <section class="trouble">
            <span class="trouble__mark">
                <Icon shape=Shape::Exclamation />
            </span>
            <h1>{title}</h1>
            <p>{text}</p>
            {code.map(|code| view! { <p>{td_string!(locale, kakao.trouble_code, code = code)}</p> })}
            {again.then(|| view! { <KakaoButton next="/".to_owned() label=td_string!(locale, kakao.again) /> })}
            {if connecting {
                view! {
                    <a class="button" href="/settings/sign-in">
                        {td_string!(locale, kakao.to_settings)}
                    </a>
                }
            } else {
                view! {
                    <a class="button button--quiet" href="/sign-in">
                        {td_string!(locale, kakao.by_mail)}
                    </a>
                }
            }}
        </section>
    }
    .into_any()
}

/// Whether the very same once more may end well.
fn worth_again(why: &str) -> bool {
    !matches!(why, "setup" | "not-tester" | "too-young" | "dormant")
}

fn words(locale: Locale, why: &str) -> (&'static str, &'static str) {
    macro_rules! pair {
        ($title:ident, $text:ident) => {
            (td_string!(locale, kakao.$title), td_string!(locale, kakao.$text))
        };
    }
    match why {
        "cancelled" => pair!(cancelled, cancelled_text),
        "expired" => pair!(expired, expired_text),
        "setup" => pair!(setup, setup_text),
        "not-tester" => pair!(not_tester, not_tester_text),
        "too-young" => pair!(too_young, too_young_text),
        "dormant" => pair!(dormant, dormant_text),
        "no-consent" => pair!(no_consent, no_consent_text),
        "no-mail" => pair!(no_mail, no_mail_text),
        "mail-unproven" => pair!(mail_unproven, mail_unproven_text),
        "busy" => pair!(busy, busy_text),
        "taken" => pair!(taken, taken_text),
        "signed-out" => pair!(signed_out, signed_out_text),
        "unbelievable" => pair!(unbelievable, unbelievable_text),
        _ => pair!(away, away_text),
    }
}
