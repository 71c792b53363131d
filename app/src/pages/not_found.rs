//! An address that leads nowhere, or a request that is refused: says so to people, and to machines by its status.

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
    // The server leaves the reason when it refuses a request before any page was asked.
    let error = use_context::<AppError>().unwrap_or(AppError::NotFound);
    set_status(error.status());
    let title = match error {
        AppError::RateLimited { .. } => td_string!(use_locale(), trouble.too_often),
        AppError::Forbidden => td_string!(use_locale(), trouble.forbidden),
        _ => td_string!(use_locale(), trouble.not_found),
    };
    view! {
        <Title text=title />
        <Trouble error />
    }
    .into_any()
}
