//! Stickers to print: sheets of A4, three by eight, each with the QR code that claims its device.

use leptos::prelude::*;
use leptos_meta::Title;

use super::order;
use crate::api::console::{MadeView, OrderView};
use crate::context::use_locale;
use crate::i18n::td_string;

/// Labels on a sheet: style/operator.css cuts it into as many.
const PER_SHEET: usize = 24;
/// Light modules around a QR code, as its standard demands.
const QUIET_ZONE: i32 = 4;

/// `/operator/orders/{id}/labels`
#[component]
pub fn LabelsPage() -> impl IntoView {
    order::page(|order| view! { <Labels order /> }.into_any())
}

#[component]
fn Labels(order: OrderView) -> impl IntoView {
    let locale = use_locale();
    let back = format!("/operator/orders/{}", order.id);
    let sheets = order.products.chunks(PER_SHEET).map(|sheet| {
        let labels = sheet.iter().cloned().map(|product| view! { <Label product /> });
        view! { <ul class="sheet">{labels.collect_view()}</ul> }
    });
    view! {
        <Title text=td_string!(locale, console.labels) />
        <section class="labels">
            <div class="labels__lead">
                <p class="settings__back"><a href=back>{td_string!(locale, console.back)}</a></p>
                <h1>{td_string!(locale, console.labels)}</h1>
                <p>{td_string!(locale, console.labels_lead)}</p>
            </div>
            {sheets.collect_view()}
        </section>
    }
}

#[component]
fn Label(product: MadeView) -> impl IntoView {
    let side = product.qr_size + 2 * QUIET_ZONE;
    let view_box = format!("-{QUIET_ZONE} -{QUIET_ZONE} {side} {side}");
    let alt = td_string!(use_locale(), console.qr, serial = product.serial.clone());
    view! {
        <li class="label">
            <svg class="label__qr" viewBox=view_box role="img" aria-label=alt shape-rendering="crispEdges">
                <path d=product.qr_path />
            </svg>
            <div class="label__text">
                <strong>"TempLog"</strong>
                <span>{product.serial}</span>
                <span>{product.claim_code}</span>
            </div>
        </li>
    }
}
