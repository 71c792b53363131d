//! One field of a form: its label, the box, a hint, and, right beside it, why it was not accepted.

use leptos::prelude::*;

/// What browsers need to know of a box to help with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The input's `type`.
    pub of: &'static str,
    /// The input's `autocomplete`.
    pub autocomplete: &'static str,
}

impl Kind {
    /// An e-mail address that names an account.
    pub const EMAIL: Self = Self::of("email", "username");
    /// The password there is.
    pub const PASSWORD: Self = Self::of("password", "current-password");
    /// A password being chosen.
    pub const NEW_PASSWORD: Self = Self::of("password", "new-password");
    /// A code that came by mail or from an app.
    pub const CODE: Self = Self::of("text", "one-time-code");
    /// Any words.
    pub const TEXT: Self = Self::of("text", "off");
    /// A number.
    pub const NUMBER: Self = Self::of("number", "off");

    /// Another kind.
    pub const fn of(of: &'static str, autocomplete: &'static str) -> Self {
        Self { of, autocomplete }
    }

    /// Names are capitalised by phones, nothing else is.
    fn capitals(self) -> Option<&'static str> {
        (self != Self::TEXT).then_some("none")
    }
}

/// A labelled box to type into; required unless it is `optional`.
#[component]
pub fn Field(
    /// What the form calls it; also its `id`, so it is unique on the page.
    name: &'static str,
    /// What to type.
    label: &'static str,
    /// How browsers may help.
    kind: Kind,
    /// What is in it already.
    #[prop(optional_no_strip)]
    value: Option<String>,
    /// Said below the box, whether anything is wrong or not.
    #[prop(optional_no_strip)]
    hint: Option<&'static str>,
    /// Why what was typed was not accepted.
    #[prop(optional_no_strip)]
    problem: Option<&'static str>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// The `id` of a list on the page that it may be chosen from.
    #[prop(optional_no_strip)]
    list: Option<&'static str>,
) -> impl IntoView {
    let (hint_id, problem_id) = (format!("{name}-hint"), format!("{name}-problem"));
    let described_by: Vec<_> = [hint.map(|_| hint_id.clone()), problem.map(|_| problem_id.clone())]
        .into_iter()
        .flatten()
        .collect();
    let described_by = (!described_by.is_empty()).then(|| described_by.join(" "));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind.of
                autocomplete=kind.autocomplete
                autocapitalize=kind.capitals()
                spellcheck="false"
                value=value
                list=list
                required=!optional
                step=(kind == Kind::NUMBER).then_some("any")
                aria-invalid=problem.map(|_| "true")
                aria-describedby=described_by
            />
            {hint.map(|words| view! { <p class="field__hint" id=hint_id>{words}</p> })}
            {problem.map(|words| view! { <p class="field__problem" id=problem_id role="alert">{words}</p> })}
        </div>
    }
}
