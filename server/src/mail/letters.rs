//! Everything people are ever told by mail: one variant per folder under `templates/`.

use serde::{Deserialize, Serialize};

use super::template::{Template, Values, escape_html, fill_html, fill_list, fill_text, frame, templates};
use super::{Language, WayChange};

/// What surrounds every mail, in the order of [`Language::ALL`].
const FRAME_TEXT: [&str; 2] = [
    include_str!("templates/frame/ko/body.txt"),
    include_str!("templates/frame/en/body.txt"),
];
const FRAME_HTML: [&str; 2] = [
    include_str!("templates/frame/ko/body.html"),
    include_str!("templates/frame/en/body.html"),
];
const VERIFY_ADDRESS: [Template; 2] = templates!("verify-address");
const ADDRESS_TAKEN: [Template; 2] = templates!("address-taken");
const RESET_PASSWORD: [Template; 2] = templates!("reset-password");
const PASSWORD_CHANGED: [Template; 2] = templates!("password-changed");
const ADDRESS_CHANGED: [Template; 2] = templates!("address-changed");
const SESSION_REUSE: [Template; 2] = templates!("session-reuse");
const SIGN_IN_WAY_CHANGED: [Template; 2] = templates!("sign-in-way-changed");
const INVITE: [Template; 2] = templates!("invite");
const ALERT: [Template; 2] = templates!("alert");
const ALERT_OVER: [Template; 2] = templates!("alert-over");
const ALERT_TEST: [Template; 2] = templates!("alert-test");

/// A mail before it is put into words. Not `Debug`: codes and links must not reach a log.
#[derive(Clone, Copy)]
pub enum Mail<'a> {
    /// Proves that an address is the asker's.
    VerifyAddress {
        /// What to type into the page that is waiting.
        code: &'a str,
        /// How long the code lives.
        minutes: u32,
    },
    /// Somebody tried to sign up with an address that has an account.
    AddressTaken {
        /// Where to sign in.
        sign_in_url: &'a str,
        /// Where to begin if the password is forgotten.
        reset_url: &'a str,
    },
    /// Lets somebody who forgot the password choose a new one.
    ResetPassword {
        /// What to type into the page that is waiting.
        code: &'a str,
        /// The same in one tap.
        link: &'a str,
        /// How long both live.
        minutes: u32,
    },
    /// The password was changed.
    PasswordChanged {
        /// The browser it was done with, in words.
        device: &'a str,
        /// What to do if it was somebody else.
        reset_url: &'a str,
    },
    /// The account has another address now; goes to both.
    AddressChanged {
        /// The address it had.
        old: &'a str,
        /// The address it has.
        new: &'a str,
        /// The browser it was done with, in words.
        device: &'a str,
        /// Where it can be changed back.
        account_url: &'a str,
    },
    /// A refresh token was used a second time: one of two holders is a thief.
    SessionReuse {
        /// The browser that was signed out, in words.
        device: &'a str,
        /// Where to change the password.
        password_url: &'a str,
    },
    /// A way in besides the password was added or taken away.
    SignInWayChanged {
        /// Which, and how.
        change: WayChange,
        /// The browser it was done with, in words.
        device: &'a str,
        /// Where to see all ways in.
        settings_url: &'a str,
    },
    /// Asks somebody into a household.
    Invite {
        /// The address of whoever asks.
        inviter: &'a str,
        /// What the household is called.
        household: &'a str,
        /// Where to accept.
        link: &'a str,
        /// How long that works.
        days: u32,
    },
    /// Something happens at home.
    Alert {
        /// In a few words.
        headline: &'a str,
        /// Each a whole sentence.
        sentences: &'a [String],
        /// Where one says that one knows.
        ack_url: &'a str,
        /// Where everything that happened is told.
        log_url: &'a str,
    },
    /// It is over.
    AlertOver {
        /// In a few words.
        headline: &'a str,
        /// Each a whole sentence.
        sentences: &'a [String],
        /// Where everything that happened is told.
        log_url: &'a str,
    },
    /// Shows its reader that alerts would arrive.
    AlertTest {
        /// Where to choose how to be told.
        settings_url: &'a str,
    },
}

/// A mail in words. Not `Debug`, as [`Mail`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Language tag of what follows.
    pub language: String,
    /// One line.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// A whole HTML document.
    pub html: String,
}

impl Mail<'_> {
    /// Its name in lists and counters, and of its folder.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VerifyAddress { .. } => "verify-address",
            Self::AddressTaken { .. } => "address-taken",
            Self::ResetPassword { .. } => "reset-password",
            Self::PasswordChanged { .. } => "password-changed",
            Self::AddressChanged { .. } => "address-changed",
            Self::SessionReuse { .. } => "session-reuse",
            Self::SignInWayChanged { .. } => "sign-in-way-changed",
            Self::Invite { .. } => "invite",
            Self::Alert { .. } => "alert",
            Self::AlertOver { .. } => "alert-over",
            Self::AlertTest { .. } => "alert-test",
        }
    }

    /// After how many minutes it is not worth sending any more.
    pub const fn worth_minutes(&self) -> Option<u32> {
        match self {
            Self::VerifyAddress { minutes, .. } | Self::ResetPassword { minutes, .. } => Some(*minutes),
            Self::Invite { days, .. } => Some(*days * 24 * 60),
            Self::AddressTaken { .. }
            | Self::PasswordChanged { .. }
            | Self::AddressChanged { .. }
            | Self::SessionReuse { .. }
            | Self::SignInWayChanged { .. }
            | Self::Alert { .. }
            | Self::AlertOver { .. }
            | Self::AlertTest { .. } => None,
        }
    }

    /// Puts it into words.
    pub fn render(&self, language: Language) -> Rendered {
        match *self {
            Self::VerifyAddress { code, minutes } => {
                let values = [("code", code), ("minutes", &minutes.to_string())];
                write(&VERIFY_ADDRESS, language, &values)
            }
            Self::AddressTaken { sign_in_url, reset_url } => {
                let values = [("sign_in_url", sign_in_url), ("reset_url", reset_url)];
                write(&ADDRESS_TAKEN, language, &values)
            }
            Self::ResetPassword { code, link, minutes } => {
                let values = [("code", code), ("link", link), ("minutes", &minutes.to_string())];
                write(&RESET_PASSWORD, language, &values)
            }
            Self::PasswordChanged { device, reset_url } => {
                let values = [("device", device), ("reset_url", reset_url)];
                write(&PASSWORD_CHANGED, language, &values)
            }
            Self::AddressChanged {
                old,
                new,
                device,
                account_url,
            } => {
                let values = [
                    ("old", old),
                    ("new", new),
                    ("device", device),
                    ("account_url", account_url),
                ];
                write(&ADDRESS_CHANGED, language, &values)
            }
            Self::SessionReuse { device, password_url } => {
                let values = [("device", device), ("password_url", password_url)];
                write(&SESSION_REUSE, language, &values)
            }
            Self::SignInWayChanged {
                change,
                device,
                settings_url,
            } => {
                let change = change.words(language);
                let values = [("change", change), ("device", device), ("settings_url", settings_url)];
                write(&SIGN_IN_WAY_CHANGED, language, &values)
            }
            Self::Invite { .. } | Self::Alert { .. } | Self::AlertOver { .. } | Self::AlertTest { .. } => {
                self.render_of_home(language)
            }
        }
    }

    /// Those about a home and not about the account.
    fn render_of_home(&self, language: Language) -> Rendered {
        match *self {
            Self::Invite {
                inviter,
                household,
                link,
                days,
            } => {
                let days = days.to_string();
                let values = [
                    ("inviter", inviter),
                    ("household", household),
                    ("link", link),
                    ("days", &days),
                ];
                write(&INVITE, language, &values)
            }
            Self::Alert {
                headline,
                sentences,
                ack_url,
                log_url,
            } => {
                let values = [("headline", headline), ("ack_url", ack_url), ("log_url", log_url)];
                write_list(&ALERT, language, &values, sentences)
            }
            Self::AlertOver {
                headline,
                sentences,
                log_url,
            } => write_list(
                &ALERT_OVER,
                language,
                &[("headline", headline), ("log_url", log_url)],
                sentences,
            ),
            Self::AlertTest { settings_url } => {
                write_list(&ALERT_TEST, language, &[("settings_url", settings_url)], &[])
            }
            _ => self.render(language),
        }
    }
}

/// A mail about the account of its reader.
fn write(templates: &[Template; 2], language: Language, values: &Values<'_>) -> Rendered {
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
fn write_list(templates: &[Template; 2], language: Language, values: &Values<'_>, sentences: &[String]) -> Rendered {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::template::placeholders;
    use super::*;

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
}
