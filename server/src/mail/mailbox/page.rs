//! The mailbox as HTML. Everything from a mail is escaped: a page for developers is still a page.

use super::files::Mail;
use crate::mail::template::escape_html;

const STYLE: &str =
    "max-width:760px;margin:0 auto;padding:24px;font:16px/1.6 system-ui,sans-serif;color-scheme:light dark";

pub(super) fn list(mails: &[Mail]) -> String {
    let rows: String = mails.iter().map(row).collect();
    let body = if rows.is_empty() {
        "<p>No mail yet.</p>".to_owned()
    } else {
        format!("<ol reversed>{rows}</ol>")
    };
    document("Mailbox", &body)
}

fn row(mail: &Mail) -> String {
    let [name, to, subject, date] = [&mail.name, &mail.to, &mail.subject, &mail.date].map(|text| escape_html(text));
    format!("<li><a href=\"/dev/mailbox/{name}\">{subject}</a><br><small>{to} · {date}</small></li>")
}

pub(super) fn mail(mail: &Mail) -> String {
    let [name, to, subject, date] = [&mail.name, &mail.to, &mail.subject, &mail.date].map(|text| escape_html(text));
    let text = with_links(&mail.text);
    let body = format!(
        "<p><a href=\"/dev/mailbox\">Mailbox</a> · <a href=\"/dev/mailbox/{name}/html\">HTML</a></p>\
         <p><small>{to} · {date}</small></p><pre style=\"white-space:pre-wrap;font:inherit\">{text}</pre>"
    );
    document(&subject, &body)
}

/// `title` and `body` are HTML already.
fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title></head>\
         <body style=\"{STYLE}\"><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

/// Escapes text and lets its web addresses be followed.
fn with_links(text: &str) -> String {
    let pieces = text.split_inclusive(char::is_whitespace).map(|piece| {
        let word = piece.trim_end();
        let safe = escape_html(word);
        if word.starts_with("http://") || word.starts_with("https://") {
            format!("<a href=\"{safe}\">{safe}</a>{}", &piece[word.len()..])
        } else {
            escape_html(piece)
        }
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_mail_is_shown_and_does_nothing() {
        let hostile = "\"><script>alert(1)</script>".to_owned();
        let mail = Mail {
            name: "1-a".to_owned(),
            to: hostile.clone(),
            subject: hostile.clone(),
            date: hostile.clone(),
            text: format!("https://x.example/{hostile}"),
            html: hostile,
        };
        for page in [super::mail(&mail), list(&[mail])] {
            assert!(!page.contains("<script>") && !page.contains("\"><s"), "{page}");
        }
    }

    #[test]
    fn web_addresses_can_be_followed() {
        assert_eq!(
            with_links("go:\nhttps://h.example/?a=1&b=2\n"),
            "go:\n<a href=\"https://h.example/?a=1&amp;b=2\">https://h.example/?a=1&amp;b=2</a>\n"
        );
    }
}
