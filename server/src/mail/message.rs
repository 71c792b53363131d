//! Turns a letter into the bytes that travel: an RFC 5322 message of plain ASCII.
//!
//! Everything in it follows from the letter alone, so a second attempt sends the very same bytes.

use std::time::{Duration, UNIX_EPOCH};

use domain::time::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Refusal, Rendered, Sender};

/// A mail on its way to one person.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// To whom.
    pub to: &'a str,
    /// Letters and digits only; the same at every attempt.
    pub message_id: &'a str,
    /// When it was written; becomes its date.
    pub written_at: Timestamp,
    /// What it says.
    pub content: &'a Rendered,
}

/// A finished message and what a mail server must know to take it.
pub(super) struct Message822 {
    pub from: Address,
    pub to: Address,
    pub bytes: String,
}

/// Whether mail can be sent to this address at all.
pub fn is_address(text: &str) -> bool {
    address(text).is_some()
}

fn address(text: &str) -> Option<Address> {
    // Servers that take other addresses are rare, and a letter they refuse is a letter lost.
    text.parse().ok().filter(|_| text.is_ascii())
}

pub(super) fn compose(from: &Sender, mail: &Outgoing<'_>) -> Result<Message822, Refusal> {
    let to = address(mail.to).ok_or_else(|| Refusal::Never("not a mail address".to_owned()))?;
    let written_ms = u64::try_from(mail.written_at.as_millis()).unwrap_or_default();
    let content = mail.content;
    let message = Message::builder()
        .from(from.mailbox().clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(super::template::single_line(&content.subject))
        .message_id(Some(format!("<{}@{}>", mail.message_id, from.domain())))
        .date(UNIX_EPOCH + Duration::from_millis(written_ms))
        // No out-of-office answers (RFC 3834).
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", &content.language))
        .multipart(
            MultiPart::alternative()
                .boundary(mail.message_id)
                .singlepart(part(ContentType::TEXT_PLAIN, &content.text))
                .singlepart(part(ContentType::TEXT_HTML, &content.html)),
        )
        .map_err(|error| Refusal::Never(error.to_string()))?;
    let bytes = String::from_utf8(message.formatted())
        .ok()
        .filter(|bytes| bytes.is_ascii());
    let bytes = bytes.ok_or_else(|| Refusal::Never("not plain ASCII".to_owned()))?;
    Ok(Message822 {
        from: from.mailbox().email.clone(),
        to,
        bytes,
    })
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn part(kind: ContentType, body: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(to: &str, subject: &str) -> Result<String, Refusal> {
        let content = Rendered {
            language: "ko".to_owned(),
            subject: subject.to_owned(),
            text: "집은 괜찮아요.\n.점으로 시작해도요.\n".to_owned(),
            html: "<p>집은 괜찮아요.</p>\n".to_owned(),
        };
        let from = Sender::parse("우리 집 <home@example.com>").unwrap();
        let written_at = Timestamp::from_millis(1_795_161_600_000);
        let mail = Outgoing {
            to,
            message_id: "0123456789abcdef",
            written_at,
            content: &content,
        };
        compose(&from, &mail).map(|message| message.bytes)
    }

    fn read(bytes: &str) -> mailparse::ParsedMail<'_> {
        mailparse::parse_mail(bytes.as_bytes()).unwrap()
    }

    fn header_of(bytes: &str, name: &str) -> String {
        use mailparse::MailHeaderMap as _;
        read(bytes).headers.get_first_value(name).unwrap()
    }

    #[test]
    fn korean_in_subject_sender_and_bodies_reads_back_as_it_was() {
        let bytes = composed(
            "ann@example.com",
            "거실이 23.4 °C예요 — 방금 전, 집은 아주 괜찮고 모두 평온해요",
        )
        .unwrap();

        assert!(bytes.is_ascii() && bytes.lines().all(|line| line.len() <= 998));
        assert_eq!(
            header_of(&bytes, "Subject"),
            "거실이 23.4 °C예요 — 방금 전, 집은 아주 괜찮고 모두 평온해요"
        );
        assert_eq!(header_of(&bytes, "From"), "우리 집 <home@example.com>");
        let mail = read(&bytes);
        let bodies: Vec<_> = mail.subparts.iter().map(|part| part.get_body().unwrap()).collect();
        assert_eq!(
            bodies[0].replace("\r\n", "\n").trim_end(),
            "집은 괜찮아요.\n.점으로 시작해도요."
        );
        assert_eq!(bodies[1].trim_end(), "<p>집은 괜찮아요.</p>");
    }

    #[test]
    fn a_second_attempt_sends_the_very_same_bytes() {
        let one = composed("ann@example.com", "같은 편지").unwrap();
        assert_eq!(one, composed("ann@example.com", "같은 편지").unwrap());
        assert_eq!(header_of(&one, "Message-ID"), "<0123456789abcdef@example.com>");
        assert_eq!(header_of(&one, "Date"), "Fri, 20 Nov 2026 08:00:00 +0000");
    }

    #[test]
    fn a_subject_cannot_smuggle_in_a_header() {
        use mailparse::MailHeaderMap as _;

        let bytes = composed("ann@example.com", "집\r\nBcc: everyone@example.com\r\n\r\nbody").unwrap();
        assert!(read(&bytes).headers.get_first_value("Bcc").is_none(), "{bytes}");
    }

    #[test]
    fn what_is_no_single_ascii_address_is_refused_for_ever() {
        let wrong = [
            "",
            "ann",
            "a@b\r\nBcc: c@d.example",
            "a@b.example, c@d.example",
            "안@example.com",
            "<a@b.example>",
        ];
        for to in wrong {
            assert!(matches!(composed(to, "x"), Err(Refusal::Never(_))), "{to}");
            assert!(!is_address(to), "{to}");
        }
    }
}
