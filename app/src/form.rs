//! What the form that was just sent is told: which field is wrong and why, what to fill in again, or that it is done.

use axum::http::request::Parts;
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

/// Words of the server to one form, for the next page only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormAnswer {
    form: String,
    /// What has been done, if it was; a key of the form's own texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done: Option<String>,
    /// Field and reason; the reason is a key of the form's own texts. The field `form` is the form as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    problems: Vec<(String, String)>,
    /// Field and what was typed into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<(String, String)>,
    /// Devices that have just left their home.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    released: Vec<Released>,
}

/// A device that is nobody's now, with the secrets that its next owner needs: shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Its serial number.
    pub serial: String,
    /// Proves who may have it next: `XXXX-XXXX-XXXX`.
    pub claim_code: String,
    /// What its firmware signs in with at the broker.
    pub password: String,
}

/// The answer to the form of this name, empty if it was not just sent.
pub fn form_answer(form: &str) -> FormAnswer {
    let words = use_context::<Parts>().and_then(|parts| parts.extensions.get::<FormAnswer>().cloned());
    words.filter(|words| words.form == form).unwrap_or_default()
}

impl FormAnswer {
    /// Words to the form of this name.
    pub fn to(form: &str) -> Self {
        Self {
            form: form.to_owned(),
            ..Self::default()
        }
    }

    /// It is done.
    #[must_use]
    pub fn done(mut self, what: &str) -> Self {
        self.done = Some(what.to_owned());
        self
    }

    /// A field cannot be accepted.
    #[must_use]
    pub fn problem(mut self, field: &str, reason: &str) -> Self {
        self.problems.push((field.to_owned(), reason.to_owned()));
        self
    }

    /// What to fill in again.
    #[must_use]
    pub fn value(mut self, field: &str, value: &str) -> Self {
        self.values.push((field.to_owned(), value.to_owned()));
        self
    }

    /// These devices are nobody's now.
    #[must_use]
    pub fn released(mut self, devices: Vec<Released>) -> Self {
        self.released = devices;
        self
    }

    /// The same without what was typed and what was given out: a reason alone always fits.
    #[must_use]
    pub fn without_values(&self) -> Self {
        Self {
            values: Vec::new(),
            released: Vec::new(),
            ..self.clone()
        }
    }

    /// What has been done, if it was.
    pub fn what_is_done(&self) -> Option<&str> {
        self.done.as_deref()
    }

    /// Devices that have just left their home.
    pub fn what_is_released(&self) -> &[Released] {
        &self.released
    }

    /// Why a field was not accepted.
    pub fn problem_of(&self, field: &str) -> Option<&str> {
        find(&self.problems, field)
    }

    /// What was typed into a field.
    pub fn value_of(&self, field: &str) -> Option<&str> {
        find(&self.values, field)
    }
}

fn find<'a>(pairs: &'a [(String, String)], key: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(field, _)| field == key)
        .map(|(_, text)| text.as_str())
}
