//! Products that were made, the newest first.

use leptos::prelude::*;
use leptos_router::location::Url;

use super::HERE;
use crate::api::console::ProductView;
use crate::context::{use_locale, use_page};
use crate::i18n::td_string;
use crate::words::moment;

/// One page of them, and a way to find one.
#[component]
pub fn Shelf(products: Vec<ProductView>, search: String, page: u32, has_older: bool) -> impl IntoView {
    let locale = use_locale();
    let wanted = Url::escape(&search);
    let address = |page: u32| format!("{HERE}?search={wanted}&page={page}#products");
    let newer = (page > 0).then(|| {
        view! { <a class="button button--quiet" href=address(page - 1)>{td_string!(locale, console.newer)}</a> }
    });
    let older = has_older.then(|| {
        view! { <a class="button button--quiet" href=address(page.saturating_add(1))>{td_string!(locale, console.older)}</a> }
    });
    let list = if products.is_empty() {
        view! { <p class="settings__lead">{td_string!(locale, console.none)}</p> }.into_any()
    } else {
        let items = products.into_iter().map(|product| view! { <Item product /> });
        view! { <ul class="sessions">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="settings__part" id="products">
            <h2>{td_string!(locale, console.products)}</h2>
            <form method="get" action=HERE role="search" class="shelf__search">
                <div class="field">
                    <label for="search">{td_string!(locale, console.search)}</label>
                    <input id="search" name="search" type="search" autocomplete="off" value=search />
                </div>
                <button class="button button--quiet">{td_string!(locale, console.find)}</button>
            </form>
            {list}
            <p class="shelf__pages">{newer} {older}</p>
        </section>
    }
}

#[component]
fn Item(product: ProductView) -> impl IntoView {
    let locale = use_locale();
    let sold = moment::clock(locale, &product.sold_local, product.sold, use_page().served_at);
    let state = if product.is_claimed {
        td_string!(locale, console.claimed)
    } else {
        td_string!(locale, console.sold)
    };
    let pending = product
        .is_pending
        .then(|| view! { <p>{td_string!(locale, console.pending)}</p> });
    let back = format!("{HERE}/products/{}/return", product.serial);
    view! {
        <li class="sessions__item">
            <div>
                <strong>{product.serial}</strong>
                <span class="sessions__current">{state}</span>
                <p>{product.model} " · " {sold}</p>
                {pending}
            </div>
            <a class="button button--quiet" href=back>{td_string!(locale, release.return_title)}</a>
        </li>
    }
}
