//! The letters a server has sent, as they lie in its folder.

use std::path::Path;
use std::time::Duration;

use mailparse::MailHeaderMap as _;

use super::test_app::{PATIENCE, TestApp};

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Address of its reader.
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl Letter {
    /// The one-time code in it, as it is written: `7K3F-9Q2M`.
    pub fn code(&self) -> String {
        let is_code = |word: &&str| {
            word.len() == 9
                && word.char_indices().all(|(at, c)| {
                    if at == 4 {
                        c == '-'
                    } else {
                        c.is_ascii_digit() || c.is_ascii_uppercase()
                    }
                })
        };
        let found = self.text.split_whitespace().find(is_code);
        found.expect("the mail holds a code").to_owned()
    }
}

impl TestApp {
    /// All mails to an address, the oldest first, once there are at least so many.
    pub async fn mails_to(&self, address: &str, at_least: usize) -> Vec<Letter> {
        let reading = async {
            loop {
                let mails = self.mails_now(address);
                if mails.len() >= at_least {
                    return mails;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let read = tokio::time::timeout(PATIENCE, reading).await;
        read.unwrap_or_else(|_| panic!("{address} got fewer than {at_least} mails"))
    }

    /// The mail to an address whose subject or text holds these words, once there is one.
    pub async fn mail_to(&self, address: &str, words: &str) -> Letter {
        let mut seen = 1;
        loop {
            let mails = self.mails_to(address, seen).await;
            seen = mails.len() + 1;
            let found = mails
                .into_iter()
                .rev()
                .find(|mail| mail.subject.contains(words) || mail.text.contains(words));
            if let Some(mail) = found {
                return mail;
            }
        }
    }

    /// The mails to an address that have left by now.
    pub fn mails_now(&self, address: &str) -> Vec<Letter> {
        let Ok(folder) = std::fs::read_dir(self.data_dir().join("outbox")) else {
            return Vec::new();
        };
        let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|kind| kind == "eml"));
        files.sort();
        let mails = files.iter().filter_map(|file| read(file));
        mails.filter(|mail| mail.to == address).collect()
    }
}

fn read(file: &Path) -> Option<Letter> {
    let bytes = std::fs::read(file).ok()?;
    let mail = mailparse::parse_mail(&bytes).expect("a mail");
    let body = |part: usize| mail.subparts[part].get_body().expect("decodes").replace("\r\n", "\n");
    let header = |name| mail.headers.get_first_value(name).expect("every mail has it");
    Some(Letter {
        to: header("To"),
        subject: header("Subject"),
        text: body(0),
    })
}
