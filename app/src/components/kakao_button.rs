//! The button that signs in with Kakao, drawn as Kakao demands: its yellow, its speech bubble, its words.

use leptos::prelude::*;

/// A form of its own: one press sets off.
#[component]
pub fn KakaoButton(
    /// Where to go once they are in.
    next: String,
    /// What it says.
    label: &'static str,
) -> impl IntoView {
    view! {
        <form class="kakao" method="post" action="/sign-in/kakao">
            <input type="hidden" name="next" value=next />
            <KakaoFace label action=None />
        </form>
    }
}

/// The button itself, for whatever form.
#[component]
pub fn KakaoFace(
    /// What it says.
    label: &'static str,
    /// Where it posts to, if not where its form does.
    action: Option<&'static str>,
) -> impl IntoView {
    view! {
        <button class="kakao__button" formaction=action>
            <svg class="kakao__symbol" viewBox="0 0 18 18" aria-hidden="true">
                <path d="M9 1C4.58 1 1 3.79 1 7.23c0 2.23 1.5 4.18 3.75 5.28l-.76 2.83c-.07.25.21.45.43.3l3.36-2.24c.4.04.8.06 1.22.06 4.42 0 8-2.79 8-6.23S13.42 1 9 1z" />
            </svg>
            {label}
        </button>
    }
}
