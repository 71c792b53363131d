//! What a page shows, and answers, when it may not or cannot show what was asked for.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::location::Url;

use crate::backend;
use crate::components::Trouble;
use crate::context::use_locale;
use crate::error::AppError;
use crate::i18n::td_string;

/// Words for people and a status for machines. Who is not signed in is led to where that can be changed, and
/// from there back to `here`.
pub fn refused(error: AppError, here: &str) -> AnyView {
    if error == AppError::Unauthenticated {
        backend::redirect(&format!("/sign-in?next={}", Url::escape(here)));
    }
    let title = (error == AppError::NotFound).then(|| td_string!(use_locale(), trouble.not_found));
    view! {
        <Title text=title.unwrap_or(td_string!(use_locale(), site.home)) />
        <Trouble error />
    }
    .into_any()
}
