//! The root component: contexts, routes and the frame around every page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use leptos_router::{MatchNestedRoutes, SsrMode};

use crate::components::{Footer, Header};
use crate::context::{Clock, Link, use_locale};
use crate::i18n::td_string;
use crate::pages::{
    AccountPage, AcknowledgePage, AddPage, AlertsPage, ApiPage, AuthenticatorPage, ClaimPage, ComparePage, FamilyPage,
    FarewellPage, ForgotPasswordPage, HealthPage, HistoryPage, HomePage, InvitePage, KakaoDeparturePage,
    KakaoProofPage, KakaoTroublePage, LabelsPage, NotFoundPage, NotificationsPage, OfflinePage, OperatorPage,
    OrderPage, PasskeyPage, RecoveryCodesPage, ReleasePage, ResetPasswordPage, ReturnPage, RoomPage, RoomSettingsPage,
    RulesPage, SessionsPage, SettingsPage, SignInCodePage, SignInPage, SignInPasskeyPage, SignInWaysPage, SignUpPage,
    TokensPage, VerifyPage,
};
use crate::platform;

/// The whole site. Every route is rendered as a whole before it is sent, so that its status is true.
#[component]
pub fn App() -> impl IntoView {
    provide_contexts();
    view! {
        <Title formatter=|title: String| escaped(&format!("{title} – TempLog")) />
        <Router>
            <a class="skip" href="#main">{td_string!(use_locale(), site.skip)}</a>
            <Header />
            <main id="main" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <HomeRoutes />
                    <SignInRoutes />
                    <SettingsRoutes />
                    <RoomRoutes />
                    <OperatorRoutes />
                </Routes>
            </main>
            <Footer />
        </Router>
    }
}

/// What a person, or a stranger, opens first.
#[component(transparent)]
fn HomeRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
        <Route path=path!("/add") view=AddPage ssr=SsrMode::Async />
        <Route path=path!("/claim") view=ClaimPage ssr=SsrMode::Async />
        <Route path=path!("/invite") view=InvitePage ssr=SsrMode::Async />
        <Route path=path!("/api") view=ApiPage ssr=SsrMode::Async />
        <Route path=path!("/offline") view=OfflinePage ssr=SsrMode::Async />
    }
    .into_inner()
}

/// The ways in.
#[component(transparent)]
fn SignInRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
        <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async />
        <Route path=path!("/verify") view=VerifyPage ssr=SsrMode::Async />
        <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async />
        <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async />
        <Route path=path!("/sign-in/code") view=SignInCodePage ssr=SsrMode::Async />
        <Route path=path!("/sign-in/kakao") view=KakaoDeparturePage ssr=SsrMode::Async />
        <Route path=path!("/sign-in/kakao/link") view=KakaoProofPage ssr=SsrMode::Async />
        <Route path=path!("/sign-in/kakao/trouble") view=KakaoTroublePage ssr=SsrMode::Async />
        <Route path=path!("/sign-in/passkey") view=SignInPasskeyPage ssr=SsrMode::Async />
    }
    .into_inner()
}

/// What belongs to an account.
#[component(transparent)]
fn SettingsRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
        <Route path=path!("/settings/account") view=AccountPage ssr=SsrMode::Async />
        <Route path=path!("/settings/account/delete") view=FarewellPage ssr=SsrMode::Async />
        <Route path=path!("/settings/family") view=FamilyPage ssr=SsrMode::Async />
        <Route path=path!("/settings/sessions") view=SessionsPage ssr=SsrMode::Async />
        <Route path=path!("/settings/sign-in") view=SignInWaysPage ssr=SsrMode::Async />
        <Route path=path!("/settings/sign-in/app") view=AuthenticatorPage ssr=SsrMode::Async />
        <Route path=path!("/settings/sign-in/passkey") view=PasskeyPage ssr=SsrMode::Async />
        <Route path=path!("/settings/sign-in/recovery-codes") view=RecoveryCodesPage ssr=SsrMode::Async />
        <Route path=path!("/settings/tokens") view=TokensPage ssr=SsrMode::Async />
        <Route path=path!("/settings/notifications") view=NotificationsPage ssr=SsrMode::Async />
    }
    .into_inner()
}

/// What is measured, and what is told of it.
#[component(transparent)]
fn RoomRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/devices/:serial") view=RoomPage ssr=SsrMode::Async />
        <Route path=path!("/devices/:serial/settings") view=RoomSettingsPage ssr=SsrMode::Async />
        <Route path=path!("/devices/:serial/release") view=ReleasePage ssr=SsrMode::Async />
        <Route path=path!("/devices/:serial/history") view=HistoryPage ssr=SsrMode::Async />
        <Route path=path!("/devices/:serial/alerts") view=RulesPage ssr=SsrMode::Async />
        <Route path=path!("/alerts") view=AlertsPage ssr=SsrMode::Async />
        <Route path=path!("/alerts/acknowledge") view=AcknowledgePage ssr=SsrMode::Async />
        <Route path=path!("/compare") view=ComparePage ssr=SsrMode::Async />
    }
    .into_inner()
}

/// The shop's.
#[component(transparent)]
fn OperatorRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/operator") view=OperatorPage ssr=SsrMode::Async />
        <Route path=path!("/operator/health") view=HealthPage ssr=SsrMode::Async />
        <Route path=path!("/operator/orders/:id") view=OrderPage ssr=SsrMode::Async />
        <Route path=path!("/operator/orders/:id/labels") view=LabelsPage ssr=SsrMode::Async />
        <Route path=path!("/operator/products/:serial/return") view=ReturnPage ssr=SsrMode::Async />
    }
    .into_inner()
}

/// What every page may ask for.
fn provide_contexts() {
    provide_meta_context();
    let page = platform::page();
    provide_context(Clock::new(page.served_at));
    provide_context(RwSignal::new(Link::Idle));
    provide_context(page);
}

/// The crate that renders the title writes it as it comes, and people give devices names.
fn escaped(title: &str) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_end_its_element() {
        assert_eq!(escaped("</title><b> & c"), "&lt;/title&gt;&lt;b&gt; &amp; c");
    }
}
