//! Products just made, with their secrets.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

use crate::api::console::{MadeView, OrderView};
use crate::backend::{answer, backend, current_user};
use crate::context::{use_locale, use_page};
use crate::i18n::td_string;
use crate::pages::refusal::refused;
use crate::words::moment;

/// `/operator/orders/{id}`
#[component]
pub fn OrderPage() -> impl IntoView {
    page(|order| view! { <Order order /> }.into_any())
}

/// A page of the order that the address names.
pub(super) fn page(show: fn(OrderView) -> AnyView) -> AnyView {
    let here = use_location().pathname.get_untracked();
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let order = async move {
        let user = current_user()?;
        backend().order(&user, &id).await
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(order.await) {
                    Ok(order) => show(order),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Order(order: OrderView) -> impl IntoView {
    let locale = use_locale();
    let until = moment::clock(locale, &order.until_local, order.until, use_page().served_at);
    let title = td_string!(locale, console.made, n = order.products.len());
    let (labels, csv) = (
        format!("/operator/orders/{}/labels", order.id),
        format!("/operator/orders/{}/products.csv", order.id),
    );
    let items = order.products.into_iter().map(|product| view! { <Made product /> });
    view! {
        <Title text=title.clone() />
        <section class="settings">
            <p class="settings__back"><a href="/operator">{td_string!(locale, console.title)}</a></p>
            <h1>{title}</h1>
            <p class="settings__lead">{td_string!(locale, console.once, moment = until)}</p>
            <p class="shelf__pages">
                <a class="button" href=labels>{td_string!(locale, console.labels)}</a>
                <a class="button button--quiet" href=csv rel="external" download="products.csv">
                    {td_string!(locale, console.csv)}
                </a>
            </p>
            <p class="settings__lead">{td_string!(locale, console.connects_to)} " " <code>{order.mqtt_url}</code></p>
            <ul class="sessions">{items.collect_view()}</ul>
        </section>
    }
}

#[component]
fn Made(product: MadeView) -> impl IntoView {
    let locale = use_locale();
    view! {
        <li class="sessions__item">
            <div class="made">
                <strong>{product.serial}</strong>
                <dl>
                    <dt>{td_string!(locale, claim.code)}</dt>
                    <dd><code class="token">{product.claim_code}</code></dd>
                    <dt>{td_string!(locale, console.password)}</dt>
                    <dd><code class="token">{product.password}</code></dd>
                </dl>
            </div>
        </li>
    }
}
