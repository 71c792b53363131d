//! The root component: contexts, routes and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The whole site.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="TempLog" />
        <Router>
            <Routes fallback=|| "404">
                <Route path=path!("/") view=|| "TempLog" ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=|| "TempLog" ssr=SsrMode::Async />
                <Route path=path!("/devices/:serial") view=|| "TempLog" ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
