//! What a letter says, and how each way says it.

use app::Degrees;
use domain::time::Timestamp;

use super::letter::{Home, Way};
use super::words::{self, Reader, Tale};
use crate::db::alerts::Alert;
use crate::db::notification_settings::Recipient;
use crate::mail::{Language, Mail};
use crate::outbox::{Parcel, Post};
use crate::push::{Button, Envelope, Message, Urgency};

/// Sentences in a mail; whatever more there is is counted.
const MOST_SENTENCES: usize = 20;
/// On a lock screen.
const MOST_SENTENCES_PUSHED: usize = 5;
/// An alert of yesterday wakes nobody any more; the mail and the log still tell it.
const PUSH_WORTH_MINUTES: u32 = 24 * 60;

/// Where a letter leads.
pub(super) struct Links {
    /// The signed token of the letter.
    pub token: String,
    /// Where one says that one knows, for a mail.
    pub ack_url: String,
    /// Where everything that happened is told, for a mail.
    pub log_url: String,
}

/// What a letter says.
pub(super) struct Content<'a> {
    home: &'a Home,
    to: &'a Recipient,
    alerts: &'a [Alert],
    is_over: bool,
    now: Timestamp,
}

impl<'a> Content<'a> {
    /// About these alerts of a home, to this person.
    pub fn of(home: &'a Home, to: &'a Recipient, alerts: &'a [Alert], is_over: bool, now: Timestamp) -> Self {
        Self {
            home,
            to,
            alerts,
            is_over,
            now,
        }
    }

    /// Made up for its way.
    pub fn parcel(&self, way: Way, key: &str, links: &Links) -> Parcel {
        match way {
            Way::Mail => self.mail(key, links),
            Way::Push(browser) => {
                let kind = if self.is_over { "push-over" } else { "push-alert" };
                Parcel::push(browser, kind, &self.envelope(links), key, PUSH_WORTH_MINUTES)
            }
        }
    }

    fn mail(&self, key: &str, links: &Links) -> Parcel {
        let (headline, sentences) = (self.headline(), self.sentences(MOST_SENTENCES));
        let (headline, sentences) = (headline.as_str(), sentences.as_slice());
        let Links { ack_url, log_url, .. } = links;
        let mail = if self.is_over {
            Mail::AlertOver {
                headline,
                sentences,
                log_url,
            }
        } else {
            Mail::Alert {
                headline,
                sentences,
                ack_url,
                log_url,
            }
        };
        let post = Post {
            mail,
            to: &self.to.email,
            language: self.language(),
            key,
        };
        post.parcel()
    }

    fn envelope(&self, links: &Links) -> Envelope {
        let language = self.language();
        let ids: Vec<_> = self.alerts.iter().map(|alert| alert.id.0.to_string()).collect();
        let view = Button::new("view", words::view(language));
        let letter_page = format!("/alerts/acknowledge?letter={}", links.token);
        let (url, actions, urgency) = if self.is_over {
            ("/alerts".to_owned(), vec![view], Urgency::Normal)
        } else {
            let know = Button::new("acknowledge", words::acknowledge(language));
            (letter_page, vec![know, view], Urgency::High)
        };
        let message = Message {
            title: self.headline(),
            body: self.sentences(MOST_SENTENCES_PUSHED).join("\n"),
            // What is said later of the very same alerts takes the place of what was said before.
            tag: Message::tag_of(&ids.join(",")),
            lang: language.tag().to_owned(),
            url,
            letter: Some(links.token.clone()),
            actions,
            urgent: !self.is_over && self.alerts.iter().any(|alert| alert.danger),
            again: !self.is_over,
        };
        Envelope { urgency, message }
    }

    fn reader(&self) -> Reader {
        Reader {
            language: self.language(),
            degrees: Degrees::named(self.to.degrees.as_deref().unwrap_or_default()),
        }
    }

    fn language(&self) -> Language {
        Language::of(self.to.locale.as_deref())
    }

    fn tales(&self) -> Vec<Tale> {
        self.alerts.iter().map(Tale::of).collect()
    }

    fn headline(&self) -> String {
        words::headline(self.home.name(), &self.tales(), self.reader(), self.is_over)
    }

    fn sentences(&self, most: usize) -> Vec<String> {
        let (tales, reader) = (self.tales(), self.reader());
        let told = tales.iter().take(most);
        let mut sentences: Vec<_> = told
            .map(|tale| words::sentence(tale, reader, self.is_over, self.now))
            .collect();
        if let Some(more) = tales.len().checked_sub(most).filter(|more| *more > 0) {
            sentences.push(words::and_more(more, reader.language));
        }
        sentences
    }
}
