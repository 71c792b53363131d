//! The paper every letter is written on: its frame, and why its reader gets it.

use super::Rendered;
use crate::mail::Language;
use crate::mail::template::{Template, Values, escape_html, fill_html, fill_list, fill_text, frame};

/// What surrounds every mail, in the order of [`Language::ALL`].
const FRAME_TEXT: [&str; 2] = [
    include_str!("../templates/frame/ko/body.txt"),
    include_str!("../templates/frame/en/body.txt"),
];
const FRAME_HTML: [&str; 2] = [
    include_str!("../templates/frame/ko/body.html"),
    include_str!("../templates/frame/en/body.html"),
];

/// A mail about the account of its reader.
pub(super) fn write(templates: &[Template; 2], language: Language, values: &Values<'_>) -> Rendered {
    let template = templates[index(language)];
    let text = fill_text(template.text, values);
    let html = fill_html(template.html, values);
    bind(
        fill_text(template.subject, values),
        &text,
        &html,
        language,
        Why::Account,
    )
}

/// A mail about the home of its reader, with a list of sentences where it says `{{ sentences }}`.
pub(super) fn write_list(
    templates: &[Template; 2],
    language: Language,
    values: &Values<'_>,
    sentences: &[String],
) -> Rendered {
    let template = templates[index(language)];
    let text = fill_list(
        template.text,
        sentences,
        "\n",
        |part| fill_text(part, values),
        str::to_owned,
    );
    let paragraph = |sentence: &str| format!("<p style=\"font-size:18px\">{}</p>", escape_html(sentence));
    let html = fill_list(
        template.html,
        sentences,
        "\n",
        |part| fill_html(part, values),
        paragraph,
    );
    bind(fill_text(template.subject, values), &text, &html, language, Why::Home)
}

/// Why its reader gets a mail.
#[derive(Clone, Copy)]
enum Why {
    Account,
    Home,
}

const fn index(language: Language) -> usize {
    match language {
        Language::Ko => 0,
        Language::En => 1,
    }
}

fn bind(subject: String, text: &str, html: &str, language: Language, why: Why) -> Rendered {
    let why = match (why, language) {
        (Why::Account, Language::Ko) => "계정에 생긴 일을 알려 드리려고",
        (Why::Account, Language::En) => "because something happened to your account",
        (Why::Home, Language::Ko) => "켜 두신 알림이라서",
        (Why::Home, Language::En) => "because you asked to be told",
    };
    let (title, which) = (escape_html(&subject), index(language));
    Rendered {
        language: language.tag().to_owned(),
        text: frame(FRAME_TEXT[which], &[("body", text), ("why", why)]) + "\n",
        html: frame(FRAME_HTML[which], &[("subject", &title), ("body", html), ("why", why)]) + "\n",
        subject,
    }
}
