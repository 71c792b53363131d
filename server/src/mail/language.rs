//! The languages mails are written in.

/// A language people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Korean, also for whoever has not said.
    #[default]
    Ko,
    /// English.
    En,
}

impl Language {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// From a person's stored locale or a language tag, such as `en-GB`.
    pub fn of(tag: Option<&str>) -> Self {
        let primary = tag.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") {
            Self::En
        } else {
            Self::Ko
        }
    }

    /// What a browser is called that does not say what it is.
    pub const fn unknown_device(self) -> &'static str {
        match self {
            Self::Ko => "알 수 없는 브라우저",
            Self::En => "an unknown browser",
        }
    }

    /// The language tag (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_not_said_reads_korean() {
        assert_eq!(Language::of(None), Language::Ko);
        assert_eq!(Language::of(Some("fr")), Language::Ko);
        assert_eq!(Language::of(Some("en-GB")), Language::En);
        assert_eq!(Language::of(Some("EN")), Language::En);
    }
}
