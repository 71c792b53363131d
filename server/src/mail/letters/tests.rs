//! Every letter is whole, in both languages, whatever is put into it.

use std::collections::BTreeSet;

use super::account::{
    ADDRESS_CHANGED, ADDRESS_TAKEN, PASSWORD_CHANGED, RESET_PASSWORD, SESSION_REUSE, SIGN_IN_WAY_CHANGED,
    VERIFY_ADDRESS,
};
use super::home::{ALERT, ALERT_OVER, ALERT_TEST, INVITE};
use super::{Mail, Rendered};
use crate::mail::template::{Template, placeholders};
use crate::mail::{Language, WayChange};

const FOLDERS: [(&str, &[Template; 2], &[&str]); 11] = [
    ("verify-address", &VERIFY_ADDRESS, &["code", "minutes"]),
    ("address-taken", &ADDRESS_TAKEN, &["sign_in_url", "reset_url"]),
    ("reset-password", &RESET_PASSWORD, &["code", "link", "minutes"]),
    ("password-changed", &PASSWORD_CHANGED, &["device", "reset_url"]),
    (
        "address-changed",
        &ADDRESS_CHANGED,
        &["old", "new", "device", "account_url"],
    ),
    ("session-reuse", &SESSION_REUSE, &["device", "password_url"]),
    (
        "sign-in-way-changed",
        &SIGN_IN_WAY_CHANGED,
        &["change", "device", "settings_url"],
    ),
    ("alert", &ALERT, &["headline", "sentences", "ack_url", "log_url"]),
    ("alert-over", &ALERT_OVER, &["headline", "sentences", "log_url"]),
    ("invite", &INVITE, &["inviter", "household", "link", "days"]),
    ("alert-test", &ALERT_TEST, &["settings_url"]),
];

const URL: &str = "https://home.example/x?a=1&b=2";

fn one_of_each(sentences: &[String]) -> Vec<Mail<'_>> {
    let mut mails = about_accounts();
    mails.extend(about_homes(sentences));
    mails
}

fn about_accounts() -> Vec<Mail<'static>> {
    let url = URL;
    vec![
        Mail::VerifyAddress {
            code: "7K3F-9Q2M",
            minutes: 10,
        },
        Mail::AddressTaken {
            sign_in_url: url,
            reset_url: url,
        },
        Mail::ResetPassword {
            code: "7K3F-9Q2M",
            link: url,
            minutes: 10,
        },
        Mail::PasswordChanged {
            device: "Chrome · Windows",
            reset_url: url,
        },
        Mail::AddressChanged {
            old: "ann@example.com",
            new: "ann@home.example",
            device: "Chrome · Windows",
            account_url: url,
        },
        Mail::SessionReuse {
            device: "Chrome · Windows",
            password_url: url,
        },
        Mail::SignInWayChanged {
            change: WayChange::KakaoConnected,
            device: "Chrome · Windows",
            settings_url: url,
        },
    ]
}

fn about_homes(sentences: &[String]) -> [Mail<'_>; 4] {
    let url = URL;
    [
        Mail::Alert {
            headline: "23.1 → 29.4 °C",
            sentences,
            ack_url: url,
            log_url: url,
        },
        Mail::AlertOver {
            headline: "24 °C",
            sentences,
            log_url: url,
        },
        Mail::Invite {
            inviter: "mina@home.example",
            household: "Tulip Street",
            link: url,
            days: 7,
        },
        Mail::AlertTest { settings_url: url },
    ]
}

#[test]
fn every_body_in_either_language_says_everything_it_was_given_and_nothing_else() {
    for (folder, templates, names) in FOLDERS {
        let names: BTreeSet<_> = names.iter().copied().collect();
        for template in templates {
            for body in [template.text, template.html] {
                let used: BTreeSet<_> = placeholders(body).into_iter().collect();
                assert_eq!(used, names, "{folder}: {body}");
            }
            assert!(
                placeholders(template.subject).iter().all(|name| names.contains(name)),
                "{folder}"
            );
        }
    }
}

#[test]
fn every_folder_under_templates_belongs_to_a_mail() {
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/mail/templates")).unwrap();
    let found: BTreeSet<_> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<_> = one_of_each(&[])
        .iter()
        .map(|mail| mail.kind().to_owned())
        .chain(["frame".to_owned()])
        .collect();
    assert_eq!(found, known);
}

#[test]
fn every_mail_is_complete_in_both_languages() {
    for mail in one_of_each(&["23.1 → 29.4 °C".to_owned()]) {
        for language in Language::ALL {
            let Rendered {
                subject, text, html, ..
            } = mail.render(language);
            let kind = mail.kind();
            assert!(
                !subject.is_empty() && !subject.contains('\n') && subject.chars().count() < 80,
                "{subject}"
            );
            for whole in [&subject, &text, &html] {
                assert!(!whole.contains("{{") && !whole.contains("}}"), "{kind}: {whole}");
            }
            assert!(
                html.contains(&format!("<html lang=\"{}\">", language.tag())),
                "{kind}: {html}"
            );
            let hangul = text.chars().any(|c| ('가'..='힣').contains(&c));
            assert_eq!(hangul, language == Language::Ko, "{kind}: {text}");
        }
    }
}

#[test]
fn a_code_or_link_reaches_text_and_html_intact() {
    let mail = Mail::ResetPassword {
        code: "7K3F-9Q2M",
        link: "https://h.example/r?a=1&b=2",
        minutes: 10,
    };
    let Rendered { text, html, .. } = mail.render(Language::Ko);
    assert!(
        text.contains("7K3F-9Q2M") && text.contains("https://h.example/r?a=1&b=2"),
        "{text}"
    );
    assert!(
        html.contains("7K3F-9Q2M") && html.contains("href=\"https://h.example/r?a=1&amp;b=2\""),
        "{html}"
    );
}

#[test]
fn every_sentence_is_a_paragraph_and_none_can_open_a_tag() {
    let sentences = ["거실 <b>온도".to_owned(), "{{ ack_url }}".to_owned()];
    let mail = Mail::Alert {
        headline: "둘",
        sentences: &sentences,
        ack_url: "https://h.example/a",
        log_url: "https://h.example/l",
    };
    let Rendered { text, html, .. } = mail.render(Language::Ko);
    assert!(text.contains("거실 <b>온도\n{{ ack_url }}"), "{text}");
    assert!(html.contains(">거실 &lt;b&gt;온도</p>"), "{html}");
}

#[test]
fn a_hostile_device_name_stays_a_name() {
    let device = "</p><script>alert(1)</script>\r\nBcc: everyone@example.com";
    let mail = Mail::SessionReuse {
        device,
        password_url: "https://h.example/",
    };
    let Rendered { text, html, .. } = mail.render(Language::En);
    assert!(!html.contains("<script>"), "{html}");
    assert!(!text.contains("\nBcc:"), "{text}");
}
