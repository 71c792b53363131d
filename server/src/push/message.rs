//! What a browser is told, and how eagerly: written into the outbox, read by `public/sw/push.js`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::encrypt::MOST_BYTES;

/// Characters of a tag: as many as a push service takes for a `Topic` (RFC 8030 §5.4).
const TAG_CHARS: usize = 32;

/// Everything that is shown, so that nobody has to open anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// In a few words.
    pub title: String,
    /// Whole sentences, one a line.
    pub body: String,
    /// A message takes the place of an older one with the same tag.
    pub tag: String,
    /// Language tag of what is said.
    pub lang: String,
    /// The page that a tap opens.
    pub url: String,
    /// The signed token by which its reader says that they know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<String>,
    /// Buttons: what they do, and what is written on them.
    pub actions: Vec<Button>,
    /// Stays until somebody has seen it.
    pub urgent: bool,
    /// Is heard even if it takes another one's place.
    pub again: bool,
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// `acknowledge` or `view`.
    pub action: String,
    /// What is written on it.
    pub title: String,
}

/// How eagerly a push service is to deliver (RFC 8030 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// When the device is awake.
    Normal,
    /// At once, even from sleep.
    High,
}

impl Urgency {
    /// As in the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// A message as it lies in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// How eagerly.
    pub urgency: Urgency,
    /// What is said.
    pub message: Message,
}

impl Button {
    /// One that does this.
    pub fn new(action: &str, title: &str) -> Self {
        Self {
            action: action.to_owned(),
            title: title.to_owned(),
        }
    }
}

impl Message {
    /// The tag of a message about these things: the same for the same things, whatever is said of them.
    pub fn tag_of(things: &str) -> String {
        let mut tag = URL_SAFE_NO_PAD.encode(Sha256::digest(things.as_bytes()));
        tag.truncate(TAG_CHARS);
        tag
    }

    /// As JSON that fits into what a push service takes; a body that is too long ends with an ellipsis.
    pub(super) fn fitted(&self) -> Vec<u8> {
        let whole = self.with_body(&self.body);
        if whole.len() <= MOST_BYTES {
            return whole;
        }
        let room = MOST_BYTES.saturating_sub(self.with_body("…").len());
        let mut used = 0;
        let mut characters = self.body.char_indices();
        let end = characters.find(|(_, character)| {
            used += spelt_bytes(*character);
            used > room
        });
        let end = end.map_or(self.body.len(), |(at, _)| at);
        self.with_body(&format!("{}…", &self.body[..end]))
    }

    fn with_body(&self, body: &str) -> Vec<u8> {
        let message = Self {
            body: body.to_owned(),
            ..self.clone()
        };
        serde_json::to_vec(&message).expect("text makes valid JSON")
    }
}

/// JSON may spell a character with more bytes than it has.
fn spelt_bytes(character: char) -> usize {
    let quoted = serde_json::to_string(&character).expect("a character makes valid JSON");
    quoted.len() - 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Message {
        Message {
            title: "거실 23.1 → 29.4 °C".to_owned(),
            body: body.to_owned(),
            tag: Message::tag_of("1"),
            lang: "ko".to_owned(),
            url: "/alerts".to_owned(),
            letter: None,
            actions: vec![Button::new("view", "보기")],
            urgent: true,
            again: false,
        }
    }

    #[test]
    fn a_long_message_is_cut_to_what_a_push_service_takes() {
        for body in [
            "거실 온도가 올랐어요.\n".repeat(300),
            "\"\n".repeat(5_000),
            "가".repeat(1_400),
        ] {
            let json = message(&body).fitted();
            assert!(json.len() <= MOST_BYTES, "{}", json.len());
            assert!(
                json.len() > MOST_BYTES - 16,
                "{}: no more is cut than must be",
                json.len()
            );
            let said: Message = serde_json::from_slice(&json).unwrap();
            assert!(said.body.ends_with('…') && body.starts_with(said.body.trim_end_matches('…')));
        }
        let short = message("거실 온도가 올랐어요.");
        assert_eq!(serde_json::from_slice::<Message>(&short.fitted()).unwrap(), short);
    }

    #[test]
    fn a_tag_is_a_topic_and_the_same_for_the_same_things() {
        let tag = Message::tag_of("1,2");
        assert_eq!(tag, Message::tag_of("1,2"));
        assert_ne!(tag, Message::tag_of("1,3"));
        assert_eq!(tag.len(), TAG_CHARS);
    }
}
