//! Off to Kakao: a page of a moment, because a form may not lead to another site by itself.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::backend::{backend, redirect, visit};
use crate::context::use_locale;
use crate::i18n::td_string;

/// `/sign-in/kakao`
#[component]
pub fn KakaoDeparturePage() -> impl IntoView {
    let locale = use_locale();
    let backend = backend();
    let step = visit().step;
    let departure = async move {
        match step {
            Some(step) => backend.kakao_departure(step).await,
            None => Ok(None),
        }
    };
    view! {
        <Title text=td_string!(locale, kakao.departure) />
        <Suspense>
            {Suspend::new(async move {
                let Ok(Some(address)) = departure.await else {
                    redirect("/sign-in/kakao/trouble?why=expired");
                    return ().into_any();
                };
                view! {
                    <Meta http_equiv="refresh" content=format!("0;url={address}") />
                    <section class="form-page">
                        <h1>{td_string!(locale, kakao.departure)}</h1>
                        <p class="form-page__lead">{td_string!(locale, kakao.departure_text)}</p>
                        <a class="button" href=address rel="external">
                            {td_string!(locale, kakao.departure_link)}
                        </a>
                    </section>
                }
                .into_any()
            })}
        </Suspense>
    }
    .into_any()
}
