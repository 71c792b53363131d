//! Fills `{{ name }}` placeholders: all the templating that mails need.
//!
//! Every value is made a single line first, so that a room's name can start neither a header nor a paragraph of its
//! own, and is then escaped for where it lands.

/// The three texts of one mail in one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template {
    pub subject: &'static str,
    pub text: &'static str,
    pub html: &'static str,
}

/// The files of one mail's folder, one [`Template`] per [`super::Language`].
macro_rules! templates {
    ($folder:literal) => {
        [
            $crate::mail::template::template!($folder, "ko"),
            $crate::mail::template::template!($folder, "en"),
        ]
    };
}
macro_rules! template {
    ($folder:literal, $language:literal) => {
        $crate::mail::template::Template {
            subject: $crate::mail::template::written!($folder, $language, "subject.txt"),
            text: $crate::mail::template::written!($folder, $language, "body.txt"),
            html: $crate::mail::template::written!($folder, $language, "body.html"),
        }
    };
}
macro_rules! written {
    ($folder:literal, $language:literal, $file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/mail/templates/",
            $folder,
            "/",
            $language,
            "/",
            $file
        ))
    };
}
pub(super) use {template, templates, written};

/// Longest value that still is a name or an address rather than an attack, in characters.
const MAX_VALUE_CHARS: usize = 2_000;

/// Names of placeholders and what they stand for.
pub(super) type Values<'a> = [(&'static str, &'a str)];

/// Fills plain text, such as a subject or a text body.
pub(super) fn fill_text(template: &str, values: &Values<'_>) -> String {
    fill(template, values, |value| value)
}

/// Fills HTML, in text and in quoted attributes.
pub(super) fn fill_html(template: &str, values: &Values<'_>) -> String {
    fill(template, values, |value| escape_html(&value))
}

/// Fills the parts around `{{ sentences }}`, and puts the sentences there, each on a line of its own.
pub(super) fn fill_list(
    template: &str,
    sentences: &[String],
    between: &str,
    fill: impl Fn(&str) -> String,
    write: impl Fn(&str) -> String,
) -> String {
    let Some((head, tail)) = template.split_once("{{ sentences }}") else {
        return fill(template);
    };
    let lines: Vec<_> = sentences.iter().map(|sentence| write(&single_line(sentence))).collect();
    // What stands before the list ends with white space that belongs to it.
    let gap = &head[head.trim_end().len()..];
    fill(head) + gap + &lines.join(between) + &fill(tail)
}

/// Puts finished text or HTML into its frame, as it is.
pub(super) fn frame(template: &str, parts: &Values<'_>) -> String {
    pieces(template)
        .map(|piece| piece.resolve(parts, str::to_owned))
        .collect()
}

fn fill(template: &str, values: &Values<'_>, escape: impl Fn(String) -> String) -> String {
    pieces(template)
        .map(|piece| piece.resolve(values, |value| escape(single_line(value))))
        .collect()
}

enum Piece<'t> {
    Verbatim(&'t str),
    Placeholder(&'t str),
}

impl Piece<'_> {
    fn resolve(&self, values: &Values<'_>, write: impl Fn(&str) -> String) -> String {
        match self {
            Self::Verbatim(text) => (*text).to_owned(),
            // A test fills every template there is, so an unknown name never gets this far.
            Self::Placeholder(name) => values
                .iter()
                .find(|(known, _)| known == name)
                .map_or_else(String::new, |(_, value)| write(value)),
        }
    }
}

fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    template.trim_end().split("{{").enumerate().flat_map(|(index, part)| {
        let (placeholder, verbatim) = match part.split_once("}}") {
            Some((name, rest)) if index > 0 => (Some(Piece::Placeholder(name.trim())), rest),
            _ => (None, part),
        };
        placeholder.into_iter().chain([Piece::Verbatim(verbatim)])
    })
}

/// The placeholders of a template, in order.
#[cfg(test)]
pub(super) fn placeholders(template: &str) -> Vec<&str> {
    let names = pieces(template).filter_map(|piece| match piece {
        Piece::Placeholder(name) => Some(name),
        Piece::Verbatim(_) => None,
    });
    names.collect()
}

/// Line breaks and other controls become spaces; marks that make text run backwards go.
pub(super) fn single_line(value: &str) -> String {
    let shown = value
        .chars()
        .filter(|c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'));
    let plain = shown.map(|c| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        }
    });
    plain.take(MAX_VALUE_CHARS).collect()
}

/// Makes text safe inside HTML elements and quoted attributes.
pub(super) fn escape_html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_wherever_they_stand() {
        let filled = fill_text("{{ a }}-{{b}}{{ a }}!\n", &[("a", "1"), ("b", "2")]);
        assert_eq!(filled, "1-21!");
        assert_eq!(placeholders("{{ a }}-{{b}}"), ["a", "b"]);
    }

    #[test]
    fn a_value_is_never_a_template_itself() {
        assert_eq!(fill_text("{{ a }}", &[("a", "{{ b }}"), ("b", "secret")]), "{{ b }}");
    }

    #[test]
    fn a_value_cannot_open_a_tag_or_close_an_attribute() {
        let filled = fill_html("<a href=\"{{ a }}\">", &[("a", "\"><script>'&")]);
        assert_eq!(filled, "<a href=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">");
    }

    #[test]
    fn a_value_cannot_start_a_new_line_or_run_backwards() {
        let filled = fill_text("Hi {{ a }}", &[("a", "x\r\nBcc: y\u{2028}\u{202E}z\0")]);
        assert_eq!(filled, "Hi x  Bcc: y z ");
    }
}
