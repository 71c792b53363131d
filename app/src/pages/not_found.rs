//! An address that leads nowhere: says so to people, and to machines by its status.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::set_status;
use crate::components::Trouble;
use crate::context::use_locale;
use crate::error::AppError;
use crate::i18n::td_string;

/// Any address without a page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_status(AppError::NotFound.status());
    view! {
        <Title text=td_string!(use_locale(), trouble.not_found) />
        <Trouble error=AppError::NotFound />
    }
    .into_any()
}
