//! The root component: contexts, routes and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::{Footer, Header};
use crate::context::{Clock, Live, use_locale};
use crate::i18n::td_string;
use crate::pages::{HomePage, NotFoundPage, RoomPage, SignInPage};
use crate::platform;

/// The whole site. Every route is rendered as a whole before it is sent, so that its status is true.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let page = platform::page();
    let (clock, live) = (Clock::new(page.served_at), Live::default());
    let signed_in = page.viewer.is_some();
    provide_context(page);
    provide_context(clock);
    provide_context(live);
    Effect::new(move |_| {
        platform::start_clock(clock);
        if signed_in {
            platform::connect(live);
        }
    });
    view! {
        <Title formatter=|title: String| format!("{title} – TempLog") />
        <Router>
            <a class="skip" href="#main">{td_string!(use_locale(), site.skip)}</a>
            <Header />
            <main id="main" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                    <Route path=path!("/devices/:serial") view=RoomPage ssr=SsrMode::Async />
                </Routes>
            </main>
            <Footer />
        </Router>
    }
}
